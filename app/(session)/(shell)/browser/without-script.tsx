import { NeedsScript } from '@/app/components/needs-script'

/** @param here the same view, from the server */
export function WithoutScript({ here }: { here: string }) {
  return (
    <NeedsScript>
      This page sends its SQL with JavaScript, which is off or did not load.{' '}
      <a href={here} className="text-primary underline underline-offset-4">
        The same page from the server
      </a>{' '}
      works without it.
    </NeedsScript>
  )
}
