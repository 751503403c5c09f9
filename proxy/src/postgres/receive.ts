/** Dispatches a message from Postgres to the current step of the flight. */
import { isCommitted, UnexpectedMessage, type Flight, type Relay } from './flight'
import { FROM_POSTGRES, readError, readFields, readText, type Field } from './messages'
import { hideStatementName } from './statements'

const NO_FIELDS: readonly Field[] = []
/** The type and the length. */
const HEAD_BYTES = 5

/**
 * @param flight undefined for an unsolicited message, which the protocol allows
 * @throws UnexpectedMessage for an unsupported message, or the sink's error
 */
export function receive(
  flight: Flight | undefined,
  type: number,
  data: Buffer,
  start: number,
  end: number,
): void {
  if (flight?.relay !== undefined && flight.step === flight.steps.length) {
    passOn(flight, flight.relay, type, data, start, end)
    return
  }
  const sink = flight?.isAbandoned === false ? flight.steps[flight.step]?.sink : undefined
  switch (type) {
    case FROM_POSTGRES.dataRow:
      sink?.onRow(data, start, end)
      break
    case FROM_POSTGRES.bindComplete: {
      const fields = flight?.prepared[flight.step]?.fields
      if (fields !== undefined) sink?.onFields(fields)
      break
    }
    case FROM_POSTGRES.rowDescription:
    case FROM_POSTGRES.noData: {
      const isNone = type === FROM_POSTGRES.noData
      const fields = isNone ? NO_FIELDS : readFields(data.subarray(start, end))
      const prepared = flight?.prepared[flight.step]
      // A statement that occurs twice in a flight is described twice, but its second BindComplete has the fields.
      if (prepared?.fields === undefined) {
        if (prepared !== undefined) prepared.fields = fields
        sink?.onFields(fields)
      }
      // A statement that does not run has no further messages.
      if (flight?.steps[flight.step]?.isOnlyPrepared === true) flight.step++
      break
    }
    case FROM_POSTGRES.commandComplete:
    case FROM_POSTGRES.emptyQueryResponse: {
      const isEmpty = type === FROM_POSTGRES.emptyQueryResponse
      sink?.onComplete(isEmpty ? '' : readText(data, start, end))
      if (flight !== undefined) flight.step++
      break
    }
    case FROM_POSTGRES.errorResponse: {
      const error = readError(data.subarray(start, end))
      error.message = hideStatementName(error.message)
      if (flight !== undefined && !isCommitted(flight)) flight.error ??= error
      flight?.relay?.onRefused(error)
      break
    }
    case FROM_POSTGRES.parseComplete:
    case FROM_POSTGRES.closeComplete:
    case FROM_POSTGRES.noticeResponse:
    case FROM_POSTGRES.notificationResponse:
    case FROM_POSTGRES.parameterStatus:
      break
    default:
      throw new UnexpectedMessage()
  }
}

/** The messages of COPY, which no session may run. */
const COPYING: ReadonlySet<number> = new Set(Array.from('GHW', (letter) => letter.charCodeAt(0)))

function passOn(
  flight: Flight,
  relay: Relay,
  type: number,
  data: Buffer,
  start: number,
  end: number,
): void {
  if (COPYING.has(type)) throw new UnexpectedMessage()
  const body = data.subarray(start, end)
  if (type === FROM_POSTGRES.errorResponse) flight.error ??= readError(body)
  if (!flight.isAbandoned) relay.onMessage(type, data.subarray(start - HEAD_BYTES, end), body)
}
