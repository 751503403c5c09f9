/** Ways to change a token, each with the fields of the form that make it. */
import { TAMPERS } from '../service/api'

export type Tamper = (typeof TAMPERS)[number]

/** As they stand in the form: what is laid over the usual header and claims, as JSON. */
export type Fields = {
  readonly header: string
  readonly claims: string
  /** Seconds by which the issuer’s clock is ahead. */
  readonly clock: number
  readonly tamper: Tamper | null
}

export const USUAL: Fields = { header: '{}', claims: '{}', clock: 0, tamper: null }

const claims = (changes: object): Fields => ({ ...USUAL, claims: JSON.stringify(changes) })
const tampered = (tamper: Tamper): Fields => ({ ...USUAL, tamper })

export const PRESETS: readonly { readonly label: string; readonly fields: Fields }[] = [
  { label: 'As issued', fields: USUAL },
  { label: 'As Bob', fields: claims({ sub: 'bob' }) },
  { label: 'Expired', fields: { ...USUAL, clock: -600 } },
  { label: 'Without expiry', fields: claims({ exp: null }) },
  { label: 'Not valid yet', fields: claims({ nbf: 4_102_444_800 }) },
  { label: 'Without a user', fields: claims({ sub: null }) },
  { label: 'From another issuer', fields: claims({ iss: 'https://issuer.example' }) },
  { label: 'For another app', fields: claims({ azp: 'https://app.example' }) },
  { label: 'Unknown key', fields: { ...USUAL, header: JSON.stringify({ kid: 'another' }) } },
  { label: 'Changed claims', fields: tampered('change the claims after signing') },
  { label: 'Changed signature', fields: tampered('change the signature') },
  { label: 'No signature', fields: tampered('leave the signature out') },
  { label: 'HMAC with the public key', fields: tampered('sign with the public key as a secret') },
  { label: 'My own key', fields: tampered('sign with a key of my own') },
  { label: 'Bring my own key', fields: tampered('send a key of my own along') },
]

export const CLOCKS: readonly { readonly seconds: number; readonly label: string }[] = [
  { seconds: -600, label: '10 minutes slow' },
  { seconds: -60, label: '1 minute slow' },
  { seconds: 0, label: 'right' },
  { seconds: 60, label: '1 minute fast' },
  { seconds: 600, label: '10 minutes fast' },
]
