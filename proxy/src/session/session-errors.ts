/** The errors that end a session or its statement, in the words and with the codes of Postgres. */
import { ProxyError, toProxyError } from '../errors'
import { ConnectionLost } from '../postgres/flight'

export function idle(): ProxyError {
  return new ProxyError('session_timeout', 'terminating connection due to idle-session timeout')
}

/** Postgres' code for it would be 25P03; 57P05 is what idle sessions end with. */
export function idleInTransaction(): ProxyError {
  return new ProxyError(
    'session_timeout',
    'terminating connection due to idle-in-transaction timeout',
    {
      hint: 'End transactions soon: they hold a session in Postgres (PROXY_IDLE_IN_TRANSACTION_MS).',
    },
  )
}

export function transactionTooLong(): ProxyError {
  return new ProxyError('session_timeout', 'terminating connection due to transaction timeout', {
    code: '25P04',
    hint: 'End transactions sooner, or raise PROXY_TRANSACTION_TIMEOUT_MS.',
  })
}

export function notReading(): ProxyError {
  return new ProxyError(
    'session_timeout',
    'terminating connection because its client does not read',
  )
}

export function failed(): ProxyError {
  return new ProxyError(
    'transaction_failed',
    'current transaction is aborted, commands ignored until end of transaction block',
  )
}

/** Postgres' own error, by which drivers recognize it. */
export function stalePlan(): ProxyError {
  return new ProxyError('postgres_error', 'cached plan must not change result type', {
    code: '0A000',
    routine: 'RevalidateCachedQuery',
  })
}

export function timedOut(): ProxyError {
  return new ProxyError('cancelled', 'canceling statement due to statement timeout')
}

export function userCancelled(): ProxyError {
  return new ProxyError('cancelled', 'canceling statement due to user request')
}

/** @param reason why the statement was being cancelled */
export function explain(error: unknown, reason: ProxyError | undefined): ProxyError {
  if (error instanceof ConnectionLost) {
    if (reason !== undefined) return reason
    if (!error.mayHaveCommitted) return new ProxyError('connection_lost', error.message)
    return new ProxyError(
      'outcome_unknown',
      'the outcome of the statement is unknown: connection to Postgres lost',
      { hint: 'It may have been saved or not. Read the data before you send it again.' },
    )
  }
  if (error instanceof RangeError) {
    return new ProxyError('answer_too_large', 'a row is longer than PROXY_MAX_ANSWER_BYTES allows')
  }
  return toProxyError(error)
}
