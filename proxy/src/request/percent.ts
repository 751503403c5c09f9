/** Percent-decoding as in Rust's url crate: to bytes, with a stray % kept as %. */

/** The decoded bytes, not necessarily UTF-8. */
export function percentDecode(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  const decoded = Buffer.alloc(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const hex = bytes.toString('latin1', at + 1, at + 3)
    const isEscape = bytes[at] === 0x25 && /^[0-9a-f]{2}$/i.test(hex)
    decoded[length++] = isEscape ? Number.parseInt(hex, 16) : (bytes[at] ?? 0)
    if (isEscape) at += 2
  }
  return decoded.subarray(0, length)
}
