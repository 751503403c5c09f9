/** Keeps a choice on this device for a year, where the server's next answer can read it. */
export function keepOnDevice(name: string, value: string): void {
  const secure = window.location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`
}
