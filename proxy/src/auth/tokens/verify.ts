/** Verifies that a configured provider signed a token, for this application and for now. */
import { compactVerify, errors, importJWK, type CryptoKey, type JWK } from 'jose'
import { ProxyError } from '../../errors'
import { fits, isAlgorithm, type Algorithm } from './algorithms'
import { unwatched, type OnPassed } from './checks'
import { checkClaims, unknownIssuer } from './claims'
import { decodeToken, malformed, refuseTooLarge, utf8Of } from './decode'
import type { Provider, Providers } from './providers'
import { TokenCache } from './token-cache'
import type { VerifiedToken } from './verified-token'
import { isRevoked, type Revocations } from './revocations'
import { permittedRoles } from './roles'
import { keyProblem } from './sound-key'

/** @param onPassed wants to see each check, so that none is taken from memory */
export type VerifyToken = (token: string, onPassed?: OnPassed) => Promise<VerifiedToken>

/**
 * How many keys to try for one token: several may share a key id, and a token may name none (RFC 7515,
 * section 4.1.4). Bounded, because a forged token costs one check for each.
 */
const MAX_KEYS_TRIED = 8

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
  const remembered = new TokenCache()
  return async (token, onPassed) => {
    refuseTooLarge(token)
    if (onPassed === undefined) {
      const known = remembered.find(token, providers, revoked(), now() / 1000)
      if (known !== undefined) return known
    }
    const passed = onPassed ?? unwatched
    passed('size')
    const { algorithm, keyId, issuer } = decodeToken(token)
    passed('form')
    if (issuer === undefined) throw unknownIssuer(false)
    // Until the signature is verified, the issuer is only used to pick the key.
    const provider = providers.find(issuer)
    if (provider === undefined) throw unknownIssuer()
    passed('issuer')
    if (!isAlgorithm(algorithm) || !provider.algorithms.includes(algorithm)) {
      throw unsupported(provider)
    }
    passed('algorithm')
    const candidates = await findKeys(provider, keyId, algorithm)
    passed('key')
    const { payload, key } = await checkSignature(token, candidates, algorithm).catch(
      (error: unknown) => {
        throw keyId === undefined && candidates.length > 0 ? missingKeyId(provider) : error
      },
    )
    passed('signature')
    const payloadJson = utf8Of(payload, 'payload')
    const verified: unknown = JSON.parse(payloadJson)
    const claims = checkClaims(verified, provider, now() / 1000, passed)
    // The provider was removed or changed while its keys were being fetched.
    if (providers.find(issuer) !== provider) throw unknownIssuer()
    const revocations = revoked()
    if (isRevoked(verified, provider, revocations)) throw revokedToken()
    passed('revocation')
    const roles = permittedRoles(verified, provider.roles)
    const result = { ...claims, payloadJson, roles }
    remembered.keep(token, { verified: result, iss: issuer, provider, key, revocations })
    return result
  }
}

/** @returns at least one */
async function findKeys(
  provider: Provider,
  keyId: string | undefined,
  algorithm: Algorithm,
): Promise<readonly JWK[]> {
  const named = await provider.keys.find(keyId).catch((cause: unknown) => {
    throw keysUnavailable(provider, cause)
  })
  if (named.length === 0) {
    throw new ProxyError('token_key_unknown', 'jwk not found', {
      hint: `The keys of ${provider.issuer} at ${provider.keys.url} do not include the one that this token names; sign in again, or check that the token comes from there.`,
    })
  }
  const fitting = named.filter((key) => fits(key, algorithm))
  const [first] = fitting
  if (first === undefined) throw unsupported(provider)
  const candidates = fitting.filter(isSound).slice(0, MAX_KEYS_TRIED)
  return candidates.length > 0 ? candidates : badKey(first)
}

const sound = new WeakMap<JWK, boolean>()

/** Cached per key. */
function isSound(key: JWK): boolean {
  const known = sound.get(key) ?? keyProblem(key) === undefined
  sound.set(key, known)
  return known
}

const imported = new WeakMap<JWK, Map<Algorithm, Promise<CryptoKey | Uint8Array>>>()

/** Importing a key costs more than verifying with it, so each is imported only once. */
function importKey(key: JWK, algorithm: Algorithm): Promise<CryptoKey | Uint8Array> {
  const known = imported.get(key) ?? new Map<Algorithm, Promise<CryptoKey | Uint8Array>>()
  imported.set(key, known)
  const promise = known.get(algorithm) ?? importJWK(key, algorithm).catch(() => badKey(key))
  known.set(algorithm, promise)
  return promise
}

/** Tries one key after the other. If none verifies, the first one's error is reported. */
async function checkSignature(
  token: string,
  [key, ...others]: readonly JWK[],
  algorithm: Algorithm,
): Promise<{ payload: Uint8Array; key: JWK }> {
  if (key === undefined) throw signatureInvalid()
  try {
    return { payload: await verifyWith(token, key, algorithm), key }
  } catch (error) {
    if (others.length === 0) throw error
    return checkSignature(token, others, algorithm).catch(() => {
      throw error
    })
  }
}

async function verifyWith(token: string, jwk: JWK, algorithm: Algorithm): Promise<Uint8Array> {
  const key = await importKey(jwk, algorithm)
  try {
    const { payload } = await compactVerify(token, key, { algorithms: [algorithm] })
    return payload
  } catch (error) {
    // jose refuses RSA keys under 2048 bits with a TypeError.
    if (error instanceof TypeError) return badKey({ kty: 'RSA' })
    if (!(error instanceof errors.JWSSignatureVerificationFailed)) {
      throw malformed('it is not a signed token (RFC 7515)')
    }
    throw signatureInvalid()
  }
}

function signatureInvalid(): ProxyError {
  return new ProxyError('token_signature_invalid', 'signature error: signature error', {
    hint: 'The token was changed, or signed with another key; sign in again.',
  })
}

function missingKeyId(provider: Provider): ProxyError {
  return new ProxyError('token_key_unknown', 'missing key id', {
    hint: `No key of ${provider.name} verifies this token, and its header does not name one (kid): sign in again, or check that the token comes from there.`,
  })
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
