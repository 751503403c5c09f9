/** @param here the same view, from the server */
export function WithoutScript({ here }: { here: string }) {
  return (
    <noscript>
      <p className="mb-4">
        This page sends its SQL with JavaScript, which is off or did not load.{' '}
        <a href={here} className="text-primary underline underline-offset-4">
          From the server
        </a>
        , your list works without it.
      </p>
    </noscript>
  )
}
