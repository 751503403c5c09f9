/**
 * Parts of a page that are loaded when they are first shown. One that cannot be loaded, as without a connection, is left
 * out instead of taking the page down, and is there again once the page has been loaded anew.
 */
import { lazy, Suspense, type ComponentType, type ReactNode } from 'react'

/** @param meanwhile what stands in for it while it loads */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: ReactNode = null,
): ComponentType<Props> {
  const Part = lazy(() => load().then(asModule, () => asModule<Props>(Nothing)))
  return function Later(props) {
    return (
      <Suspense fallback={meanwhile}>
        <Part {...props} />
      </Suspense>
    )
  }
}

const asModule = <Props,>(part: ComponentType<Props>) => ({ default: part })

function Nothing() {
  return null
}
