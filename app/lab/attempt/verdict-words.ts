/** A verdict in the words of the rooms that show it. */
import { DEFENCE_WORDS, type Defence } from './defences'
import type { Verdict } from './verdict'

/** What stopped it, as a guess would name it; null where nothing did, and nothing got through. */
export function stoppedBy(verdict: Verdict): Defence | 'nothing' | null {
  if (verdict.kind === 'stopped') return verdict.by
  // Policies left out what is not the attacker's.
  if (verdict.kind === 'ran') return 'policy'
  return verdict.kind === 'broke through' ? 'nothing' : null
}

export const BROKE_THROUGH = 'Broke through'

export function headingOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'stopped':
      return `Stopped by the ${DEFENCE_WORDS[verdict.by].name.toLowerCase()}`
    case 'ran':
      return 'Ran, and got nothing of others'
    case 'failed':
      return 'Failed by itself'
    case 'undecided':
      return verdict.because === 'undone' ? 'Ran, and was undone' : 'Ran'
    case 'broke through':
      return BROKE_THROUGH
  }
}
