/** Starts something that lasts with a part of the app that is still being loaded. The returned function ends it. */
export function startLate<Part>(
  loading: Promise<Part>,
  start: (part: Part) => () => void,
): () => void {
  let isWanted = true
  let end = () => {
    isWanted = false
  }
  loading.then(
    (part) => {
      if (isWanted) end = start(part)
    },
    // Without a connection: there is nothing to listen to either.
    () => undefined,
  )
  return () => {
    end()
  }
}
