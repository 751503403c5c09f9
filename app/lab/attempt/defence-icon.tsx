import {
  FileLockIcon,
  GaugeIcon,
  HandIcon,
  KeyRoundIcon,
  ScanSearchIcon,
  StampIcon,
  type LucideProps,
} from 'lucide-react'
import type { Defence } from './defences'

const ICONS = {
  token: KeyRoundIcon,
  gate: ScanSearchIcon,
  grant: HandIcon,
  seal: StampIcon,
  policy: FileLockIcon,
  limit: GaugeIcon,
}

export function DefenceIcon({ defence, ...props }: LucideProps & { defence: Defence }) {
  const Icon = ICONS[defence]
  return <Icon aria-hidden {...props} />
}
