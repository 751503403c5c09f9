'use client'
/** The palette with the commands of a list's page. Loaded when it is first opened. */

import Palette from './palette'
import { useCommands, type CommandOptions } from './use-commands'

type Props = CommandOptions & { onClose: () => void }

export default function ListPalette({ onClose, ...options }: Props) {
  return <Palette commands={useCommands(options)} onClose={onClose} />
}
