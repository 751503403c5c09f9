/** The address that a request comes from. X-Forwarded-For counts only when a trusted proxy sent it. */
import { BlockList, isIP } from 'node:net'

/** @returns the client's address, given the socket's address and the value of X-Forwarded-For */
export type ClientAddress = (
  socket: string | undefined,
  forwardedFor: () => string | undefined,
) => string

/**
 * The rightmost address that is not a trusted proxy. The client controls everything to its left.
 * @param trusted addresses and CIDR blocks
 * @throws Error that names what cannot be read
 */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  const proxies = new BlockList()
  for (const block of trusted) addBlock(proxies, block)
  const isTrusted = (address: string) => {
    if (trusted.length === 0) return false
    const version = isIP(address)
    return version !== 0 && proxies.check(address, version === 6 ? 'ipv6' : 'ipv4')
  }
  return (socket, forwardedFor) => {
    let client = plain(socket ?? '')
    if (!isTrusted(client)) return bucketOf(client)
    const hops = (forwardedFor() ?? '').split(',')
    while (isTrusted(client)) {
      const hop = plain(hops.pop()?.trim() ?? '')
      if (isIP(hop) === 0) break
      client = hop
    }
    return bucketOf(client)
  }
}

function addBlock(list: BlockList, block: string): void {
  const [address = '', bits] = block.split('/')
  const version = isIP(address)
  const most = version === 6 ? 128 : 32
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
  if (version === 0 || prefix < 0 || prefix > most) {
    throw new Error(
      'it holds something that is neither an IP address nor a block such as 10.0.0.0/8',
    )
  }
  list.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4')
}

/** Unwraps an IPv4 address that an IPv6 socket reports. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}

/** A client usually owns a whole /64 of IPv6, so its 2^64 addresses count as one. */
function bucketOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('%', 1).join('').split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
