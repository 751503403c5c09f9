/** Why a file cannot be imported, in words for the person who chose it. */
export class FileError extends Error {
  override readonly name = 'FileError'

  /** @param what begins like the rest of a sentence: “a quote is not closed” */
  constructor(what: string, line?: number) {
    super(
      line === undefined
        ? `${what.charAt(0).toUpperCase()}${what.slice(1)}.`
        : `Line ${line}: ${what}.`,
    )
  }
}
