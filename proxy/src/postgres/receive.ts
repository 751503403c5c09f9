/** Hands a message from Postgres to the step of the flight that it belongs to. */
import { isCommitted, UnexpectedMessage, type Flight } from './flight'
import { FROM_POSTGRES, readError, readFields, readText, type Field } from './messages'
import { hideStatementName } from './statements'

const NO_FIELDS: readonly Field[] = []

/**
 * @param flight undefined when Postgres speaks unasked, which it may do
 * @throws UnexpectedMessage when the message makes no sense, or what a sink threw
 */
export function receive(
  flight: Flight | undefined,
  type: number,
  data: Buffer,
  start: number,
  end: number,
): void {
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
      // What stands in a flight twice is described twice, and its BindComplete has told the second already.
      if (prepared?.fields === undefined) {
        if (prepared !== undefined) prepared.fields = fields
        sink?.onFields(fields)
      }
      // Nothing else is said of a statement that does not run.
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
