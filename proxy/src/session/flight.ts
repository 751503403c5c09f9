/** A client's messages on their way through Postgres, up to a Sync, behind the steps that begin their transaction. */
import type { ProxyError } from '../errors'
import type { Meter } from '../limits/statement-meter'
import type { Step } from '../postgres/flight'
import { PostgresError } from '../postgres/messages'
import type { Lease } from './lease'
import { SYNC } from './to-postgres'

export type Flight = {
  /** Kept until Postgres answers, to be sent once more on another session. */
  unanswered: Buffer[] | undefined
  isSynced: boolean
  isSent: boolean
  /** The proxy has ended it, because Postgres ignores what follows. */
  isCut: boolean
  /** Steps before the client's messages failed. */
  refused: PostgresError | undefined
  hasFailed: boolean
  /** Why it is being cancelled. */
  reason: ProxyError | undefined
  meter: Meter | undefined
  landed: Promise<void>
}

export type RelayParts = {
  /** What begins the transaction. */
  readonly steps: readonly Step[]
  readonly meter: Meter
  readonly user: string
  readonly onAnswer: (type: number, whole: Buffer, body: Buffer) => void
}

export function createFlight(bytes: Buffer, isSynced: boolean): Flight {
  return {
    unanswered: [bytes],
    isSynced,
    isSent: false,
    isCut: false,
    refused: undefined,
    hasFailed: false,
    reason: undefined,
    meter: undefined,
    landed: Promise.resolve(),
  }
}

/**
 * Resolves when it has landed, also if Postgres has refused a step or a message.
 * @throws what `connection.relay` throws, but for errors of Postgres
 */
export async function relayFlight(
  flight: Flight,
  { connection, owner }: Lease,
  { steps, meter, user, onAnswer }: RelayParts,
): Promise<void> {
  flight.isSent = true
  const relay = {
    onMessage: (type: number, whole: Buffer, body: Buffer) => {
      flight.unanswered = undefined
      onAnswer(type, whole, body)
    },
    onRefused: (error: PostgresError) => {
      flight.refused = error
      if (!flight.isSynced) connection.append(SYNC)
      flight.isCut = true
    },
  }
  const turn = {
    owner,
    user,
    follows: false,
    onLanded: (ms: number) => {
      meter.landed(ms)
    },
  }
  try {
    await connection.relay(steps, Buffer.concat(flight.unanswered ?? []), relay, turn)
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error
    flight.hasFailed = true
  } finally {
    meter.release(connection.depth > 0)
  }
}
