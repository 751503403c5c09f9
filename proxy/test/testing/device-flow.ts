/** For tests: an issuer's side of the device flow (RFC 8628): a code for the device, a code for the user, then a token. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

export type DeviceFlow = {
  /** @returns whether the request was one of this flow */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => boolean
  readonly approve: (userCode: string, sub: string) => void
}

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

/** @param tokenFor signs a token of a user */
export function createDeviceFlow(
  url: string,
  tokenFor: (sub: string) => Promise<string>,
): DeviceFlow {
  const devices = new Map<string, { readonly userCode: string; sub?: string }>()

  const begin = () => {
    const [deviceCode, userCode] = [randomBytes(16).toString('hex'), randomBytes(4).toString('hex')]
    devices.set(deviceCode, { userCode })
    return {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: `${url}/approve`,
      expires_in: 60,
      interval: 0.05,
    }
  }
  const poll = async (fields: URLSearchParams) => {
    const device = devices.get(fields.get('device_code') ?? '')
    if (fields.get('grant_type') !== GRANT || device === undefined)
      return { error: 'invalid_grant' }
    if (device.sub === undefined) return { error: 'authorization_pending' }
    return { access_token: await tokenFor(device.sub), token_type: 'Bearer' }
  }
  const reply = async (request: IncomingMessage, response: ServerResponse) => {
    const fields = new URLSearchParams(await text(request))
    const body = request.url === '/device' ? begin() : await poll(fields)
    response.writeHead('error' in body ? 400 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  return {
    answer: (request, response) => {
      if (request.url !== '/device' && request.url !== '/token') return false
      void reply(request, response)
      return true
    },
    approve: (userCode, sub) => {
      for (const device of devices.values()) if (device.userCode === userCode) device.sub = sub
    },
  }
}
