/** Refuses a statement whose parameters make its search patterns too large. */
import { ProxyError } from '../errors'
import type { Statement } from '../request/body'
import type { Verdict } from './decide'
import { canExpand, countElements } from './value-sizes'
import { MAX_CALL_BYTES, MAX_PATTERN_UNITS, patternsTooLarge, tooManyCalls } from './work'

/** @throws ProxyError pattern_too_large (SQLSTATE 54000) */
export function requireSmallPatterns(
  statements: readonly Statement[],
  verdicts: readonly Verdict[],
): void {
  statements.forEach(({ params }, i) => {
    const patterns = verdicts[i]?.patterns
    if (patterns === undefined) return
    let units = patterns.units
    for (const { number, kind, weight } of patterns.params) {
      const text = params[number - 1]
      if (typeof text !== 'string') continue
      const size = kind === 'bytes' ? Buffer.byteLength(text) : countElements(text)
      units += canExpand(text) ? Infinity : size * weight
    }
    if (units > MAX_PATTERN_UNITS) throw tooLarge(patternsTooLarge())
    const largest = params.reduce((most, text) => Math.max(most, text?.length ?? 0), 0)
    if (patterns.calls * largest > MAX_CALL_BYTES) throw tooLarge(tooManyCalls('large parameters'))
  })
}

function tooLarge(reason: string): ProxyError {
  return new ProxyError('pattern_too_large', `statement refused by the proxy: ${reason}`, {
    code: '54000',
    severity: 'ERROR',
  })
}
