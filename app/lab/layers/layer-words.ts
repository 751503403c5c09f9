/** The layers that can be missing, in words. */
import type { Layer } from '../service/api'

export const LAYER_WORDS: Readonly<Record<Layer, { name: string; missing: string }>> = {
  gate: { name: 'Gate', missing: 'the gate' },
  grants: { name: 'Grants', missing: 'the limits of grants' },
  seal: { name: 'Seal', missing: 'the seal of the identity' },
  policy: { name: 'Policy', missing: 'the condition of the policies' },
}
