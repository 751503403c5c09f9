import Keycloak from 'keycloak-js'
import { proveExample } from '../testing/prove-example'
import { newVisitor, type Visitor } from '../testing/visitor'
import example from './example'

/** Browsers have it, and Node from version 22 on. */
function withResolvers<T>() {
  let settle: unknown[] = []
  const promise = new Promise<T>((...both) => (settle = both))
  const [resolve, reject] = settle
  return { promise, resolve, reject }
}
if (!('withResolvers' in Promise)) Object.assign(Promise, { withResolvers })

/** As much of a browser's page as keycloak-js looks at. */
function openPage(href: string) {
  const stored = new Map<string, string>()
  const page = {
    location: { href, origin: new URL(href).origin },
    localStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
      removeItem: (key: string) => stored.delete(key),
    },
    isSecureContext: true,
  }
  const history = { state: null, replaceState: () => undefined }
  const later = (run: () => void, ms: number) => setTimeout(run, ms).unref()
  Object.assign(globalThis, page, { window: { ...page, history, setTimeout: later } })
  return page.location
}

proveExample(example, ({ variables, appOrigin }) => {
  const options = { pkceMethod: 'S256', checkLoginIframe: false } as const
  const newKeycloak = () =>
    new Keycloak({
      url: variables.VITE_KEYCLOAK_URL,
      realm: variables.VITE_KEYCLOAK_REALM,
      clientId: variables.VITE_KEYCLOAK_CLIENT_ID,
    })

  const enter = async (logIn: (visitor: Visitor, keycloak: Keycloak) => Promise<URL>) => {
    const [visitor, location] = [newVisitor(), openPage(`${appOrigin}/`)]
    const before = newKeycloak()
    await before.init(options)
    location.href = (await logIn(visitor, before)).href
    const keycloak = newKeycloak()
    if (!(await keycloak.init(options))) throw new Error('Keycloak signed nobody in.')
    let former = keycloak.refreshToken
    const renew = async (refreshToken = '') => {
      keycloak.refreshToken = refreshToken
      if (!(await keycloak.updateToken(-1))) throw new Error('Not renewed.')
    }
    return {
      token: () => Promise.resolve(keycloak.token ?? ''),
      refresh: () => {
        former = keycloak.refreshToken ?? former
        return renew(former)
      },
      replay: () => renew(former),
      signOut: async () => {
        former = keycloak.refreshToken
        await visitor.visit(keycloak.createLogoutUrl())
      },
    }
  }
  return {
    signIn: (who) =>
      enter(async (visitor, keycloak) => visitor.logIn(await keycloak.createLoginUrl(), who)),
    signUp: (who) =>
      enter(async (visitor, keycloak) => {
        const page = await visitor.visit(await keycloak.createRegisterUrl())
        return visitor.logIn(page.url, who, 'sign-up')
      }),
  }
})
