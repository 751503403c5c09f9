/** A token is believed only when a configured provider signed it, for us, for now: anything else throws. */
import { compactVerify, errors, importJWK, type CryptoKey, type JWK } from 'jose'
import { ProxyError } from '../errors'
import { fits, isAlgorithm, type Algorithm } from './algorithms'
import { checkClaims, malformed, unknownIssuer, type Claims } from './claims'
import { decodeToken } from './decode'
import type { Provider, Providers } from './providers'
import { RememberedTokens } from './remembered-tokens'
import { isRevoked, type Revocations } from './revocations'
import { permittedRoles } from './roles'
import { keyProblem } from './sound-key'

/** Characters; a session token of any provider is a few kilobytes. */
const MAX_TOKEN_LENGTH = 32 * 1024

export type VerifiedToken = Claims & {
  /** The payload exactly as it was signed. */
  readonly payloadJson: string
  /** What its bearer may ask to be. */
  readonly roles: ReadonlySet<string>
}

export type VerifyToken = (token: string) => Promise<VerifiedToken>

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const NONE_REVOKED: Revocations = new Set()

export type VerifierSettings = {
  readonly revoked?: () => Revocations
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
}

export function createVerifier(
  providers: Pick<Providers, 'find'>,
  { revoked = () => NONE_REVOKED, now = Date.now }: VerifierSettings = {},
): VerifyToken {
  const remembered = new RememberedTokens()
  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) throw malformed()
    const known = remembered.find(token, providers, revoked(), now() / 1000)
    if (known !== undefined) return known
    const { header, payload } = decodeToken(token)
    // The issuer is only believed once its key has verified the signature: here it picks the key.
    const issuer = payload.iss ?? ''
    const provider = providers.find(issuer)
    if (provider === undefined) throw unknownIssuer()
    if (!isAlgorithm(header.alg) || !provider.algorithms.includes(header.alg)) {
      throw unsupported(provider)
    }
    const jwk = await findKey(provider, header.kid, header.alg)
    const key = await importKey(jwk, header.alg)
    const payloadJson = decodeUtf8(await checkSignature(token, key, header.alg))
    const verified: unknown = JSON.parse(payloadJson)
    const claims = checkClaims(verified, provider, now() / 1000)
    // Taken out, or given other rules, while its keys were on their way.
    if (providers.find(issuer) !== provider) throw unknownIssuer()
    const revocations = revoked()
    if (isRevoked(verified, provider, revocations)) throw revokedToken()
    const roles = permittedRoles(verified, provider.roles)
    const result = { ...claims, payloadJson, roles }
    remembered.keep(token, { verified: result, iss: issuer, provider, key: jwk, revocations })
    return result
  }
}

async function findKey(
  provider: Provider,
  kid: string | undefined,
  algorithm: Algorithm,
): Promise<JWK> {
  if (kid === undefined) {
    throw new ProxyError('token_key_unknown', 'missing key id', {
      hint: `Tokens of ${provider.name} must name their key in the header (kid).`,
    })
  }
  const candidates = await provider.keys.find(kid).catch((cause: unknown) => {
    throw keysUnavailable(provider, cause)
  })
  if (candidates.length === 0) {
    throw new ProxyError('token_key_unknown', 'jwk not found', {
      hint: `The keys of ${provider.issuer} at ${provider.keys.url} do not include the one that this token names; sign in again, or check that the token comes from there.`,
    })
  }
  const fitting = candidates.filter((candidate) => fits(candidate, algorithm))
  const [first] = fitting
  if (first === undefined) throw unsupported(provider)
  return fitting.find(isSound) ?? badKey(first)
}

const sound = new WeakMap<JWK, boolean>()

/** Asked once for each key that was read. */
function isSound(key: JWK): boolean {
  const known = sound.get(key) ?? keyProblem(key) === undefined
  sound.set(key, known)
  return known
}

const imported = new WeakMap<JWK, Map<Algorithm, Promise<CryptoKey | Uint8Array>>>()

/** Importing a key costs more than verifying with it, so it is done once per key. */
function importKey(key: JWK, algorithm: Algorithm): Promise<CryptoKey | Uint8Array> {
  const known = imported.get(key) ?? new Map<Algorithm, Promise<CryptoKey | Uint8Array>>()
  imported.set(key, known)
  const promise = known.get(algorithm) ?? importJWK(key, algorithm).catch(() => badKey(key))
  known.set(algorithm, promise)
  return promise
}

async function checkSignature(
  token: string,
  key: CryptoKey | Uint8Array,
  algorithm: Algorithm,
): Promise<Uint8Array> {
  try {
    const { payload } = await compactVerify(token, key, { algorithms: [algorithm] })
    return payload
  } catch (error) {
    // jose refuses RSA keys under 2048 bits with a TypeError.
    if (error instanceof TypeError) return badKey({ kty: 'RSA' })
    if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw malformed()
    throw new ProxyError('token_signature_invalid', 'signature error: signature error', {
      hint: 'The token was changed or signed by somebody else; sign in again.',
    })
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    throw malformed()
  }
}

function badKey(key: JWK): never {
  const type = key.kty === 'EC' ? (key.crv ?? 'EC').replace('-', '') : (key.kty ?? 'unknown')
  throw new ProxyError('token_algorithm_refused', `invalid ${type} key`, {
    hint: 'The token issuer publishes a key that is not safe to use: `npm run proxy:check` says why. RSA keys need 2048 to 8192 bits and an odd exponent from 3 on.',
  })
}

function unsupported(provider: Provider): ProxyError {
  return new ProxyError('token_algorithm_refused', 'signature algorithm not supported', {
    hint: `Tokens of ${provider.name} may be signed with ${provider.algorithms.join(', ')}.`,
  })
}

function revokedToken(): ProxyError {
  return new ProxyError('token_revoked', 'JWT token has been revoked', {
    hint: 'Sign in again; if that does not help, access was withdrawn (PROXY_REVOKED).',
  })
}

function keysUnavailable(provider: Provider, cause: unknown): ProxyError {
  const error = new ProxyError('keys_unavailable', `the keys of ${provider.name} cannot be read`, {
    hint: `Check that ${provider.keys.url} can be reached from the proxy, then try again.`,
  })
  error.cause = cause
  return error
}
