/** What is known of an example: what it shows, how it is built and started, and how its provider is told to the proxy. */
import type { InstallOptions } from '../../proxy/install/install'
import type { StandIn, StandInOptions } from '../stand-in/stand-in'

export type Variables<Name extends string = string> = Readonly<Record<Name, string>>

/** An entry of PROXY_JWT_PROVIDERS. */
export type ProviderEntry = Readonly<Record<string, string | number | boolean | readonly string[]>>

export type Example<Name extends string = string> = {
  /** The provider's name, such as “Auth0”. */
  readonly title: string
  /** Its packages, as npm names them. */
  readonly sdk: readonly string[]
  readonly framework: string
  /** Where SQL is sent from. */
  readonly sqlFrom: 'backend' | 'frontend' | 'backend and frontend'
  /** Whether people can sign up in the app, or on the page that it sends them to. */
  readonly hasSignUp: boolean
  /**
   * What the app must know of the provider: by name, what it is and where the provider's console shows it. With all of
   * them set, the example runs against the real provider, and else against the stand-in.
   */
  readonly variables: Variables<Name>
  readonly startStandIn: (options: StandInOptions) => Promise<StandIn<Name>>
  /** Makes the tables; those of `todos/` unless given. */
  readonly install?: (options: InstallOptions) => Promise<void>
  /** In the example's folder; that of `testing/` unless given. */
  readonly story?: string
  /** The line of PROXY_JWT_PROVIDERS. */
  provider(variables: Variables<Name>): ProviderEntry
  readonly app: App
}

export type App = {
  /** What the framework wants before the names of variables that browsers may know; undefined when SQL is the backend's. */
  readonly publicPrefix?: 'NEXT_PUBLIC_' | 'PUBLIC_' | 'VITE_'
  /** Variables beside the provider's. `secret` is 64 hexadecimal digits, kept between runs, such as for the app's cookie. */
  readonly variables?: (app: { readonly origin: string; readonly secret: string }) => Variables
  /** What the build reads beside the example's folder, from the project's root. */
  readonly sources?: readonly string[]
  /** Arguments of Node, in the example's folder. */
  readonly build?: readonly (readonly string[])[]
  /** Arguments of Node; the app listens on `PORT` of localhost. */
  readonly start: readonly string[]
}

/** An identity that lets TypeScript hold the names of variables against each other. */
export function defineExample<Name extends string>(example: Example<Name>): Example<Name> {
  return example
}
