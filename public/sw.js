/**
 * A service worker with one purpose: a navigation without a connection shows the page /offline, not the browser's
 * error page.
 *
 * It stores that page, which is the same for everyone because it is fetched without cookies, and Next's own files,
 * whose names change with their content. Nothing else is stored or answered here: no row, no page of a user.
 */
const CACHE = 'offline'
const PAGE = '/offline'
const FILES = '/_next/static/'

let isRefreshed = false

self.addEventListener('install', (event) => {
  event.waitUntil(refresh().then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim())
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.mode === 'navigate') event.respondWith(navigate(event))
  else if (origin === self.location.origin && pathname.startsWith(FILES)) {
    event.respondWith(file(request))
  }
})

async function navigate(event) {
  try {
    const answer = await fetch(event.request)
    // The browser stops a worker that has nothing to do, so this is once a visit, not once ever.
    if (!isRefreshed) event.waitUntil(refresh().catch(() => undefined))
    return answer
  } catch (error) {
    const page = await caches.match(PAGE)
    if (page) return page
    throw error
  }
}

async function file(request) {
  const stored = await caches.match(request)
  if (stored) return stored
  const answer = await fetch(request)
  if (answer.ok) {
    const copy = answer.clone()
    const cache = await caches.open(CACHE)
    await cache.put(request, copy)
  }
  return answer
}

/** Stores the page as it is now. A new build has new files, and then those of the old one go. */
async function refresh() {
  isRefreshed = true
  const answer = await fetch(PAGE, { credentials: 'omit', cache: 'no-store' })
  if (!answer.ok || answer.redirected) return
  const files = filesOf(await answer.clone().text())
  const stored = await (await caches.match(PAGE))?.text()
  if (stored !== undefined && filesOf(stored).join() !== files.join()) await caches.delete(CACHE)
  const cache = await caches.open(CACHE)
  for (const path of files) if (!(await cache.match(path))) await cache.add(path)
  await cache.put(PAGE, answer)
}

function filesOf(html) {
  return [...new Set(html.match(/\/_next\/static\/[\w./~%-]+/g))].sort()
}
