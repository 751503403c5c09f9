/** Restricts the addresses that keys may be fetched from: public ones, unless configured otherwise. */
import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Private networks, reachable only for a provider with `"privateNetwork": true`. */
const ownNetworks = new BlockList()
/** Never allowed: this host, link-local (cloud metadata!), multicast, unassigned. */
const never = new BlockList()
const loopback = new BlockList()
const publicIpv6 = new BlockList()

// https://www.iana.org/assignments/iana-ipv4-special-registry
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  ownNetworks.addSubnet(network, prefix)
}
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  never.addSubnet(network, prefix)
}
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

// https://www.iana.org/assignments/iana-ipv6-special-registry: all global addresses begin with 001.
ownNetworks.addSubnet('fc00::', 7, 'ipv6')
publicIpv6.addSubnet('2000::', 3, 'ipv6')
for (const [network, prefix] of [
  ['2001::', 23], // Teredo and other protocols
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4, which embeds an IPv4 address
  ['3fff::', 20],
] as const) {
  never.addSubnet(network, prefix, 'ipv6')
}

/** The kinds of network that an address can belong to. */
export type Reach = 'loopback' | 'public' | 'public or private'

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])

/** @param hostname as `URL` gives it */
export function namesLoopback(hostname: string): boolean {
  return LOOPBACK_NAMES.has(hostname)
}

/** @param address IPv4 or IPv6, without brackets; an IPv4-mapped IPv6 address is never public */
export function mayReach(address: string, reach: Reach): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (reach === 'loopback') return loopback.check(address, family)
  if (never.check(address, family)) return false
  if (ownNetworks.check(address, family)) return reach === 'public or private'
  return family === 'ipv4' || publicIpv6.check(address, family)
}

export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

/**
 * Resolves names for a connection and refuses forbidden addresses. The connection uses exactly the
 * addresses that were checked, so DNS rebinding gains nothing.
 */
export function checkedLookup(
  reach: Reach,
  lookup: (name: string) => Promise<LookupAddress[]> = resolve,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname).then(
      (addresses) => {
        const [first] = addresses
        if (first === undefined || !addresses.every(({ address }) => mayReach(address, reach))) {
          callback(new AddressRefused(refusal(hostname)), '', 0)
        } else if (options.all === true) {
          callback(null, addresses)
        } else {
          callback(null, first.address, first.family)
        }
      },
      (error: unknown) => {
        callback(error as NodeJS.ErrnoException, '', 0)
      },
    )
  }
}

export function refusal(hostname: string): string {
  return `${hostname} is at a private address, where keys are not fetched from unless the provider says "privateNetwork": true`
}

function resolve(name: string): Promise<LookupAddress[]> {
  return new Promise((resolvePromise, reject) => {
    systemLookup(name, { all: true }, (error, addresses) => {
      if (error === null) resolvePromise(addresses)
      else reject(error)
    })
  })
}
