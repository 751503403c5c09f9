/**
 * Tells the app what happened to a user, as Clerk does: signed, and again until the app takes it. What has
 * not been taken is kept over a restart.
 * @see https://docs.svix.com/receiving/verifying-payloads/how-manual
 */
import { createHmac } from 'node:crypto'
import { newId } from './ids'
import type { PendingWebhook } from './state'
import type { Store } from './store'

/** Between attempts. Svix goes on for days; a laptop's next start tries again. */
const RETRY_MS = [1_000, 5_000, 30_000, 300_000]
const TIMEOUT_MS = 15_000

export type WebhookOptions = {
  url: string
  /** `whsec_` and 24 bytes or more in base64. */
  secret: string
}

export class Webhooks {
  readonly #options: WebhookOptions
  readonly #store: Store
  readonly #now: () => number
  readonly #stopping = new AbortController()

  constructor(options: WebhookOptions, store: Store, now: () => number) {
    this.#options = options
    this.#store = store
    this.#now = now
    for (const webhook of store.webhooks.values()) void this.#deliver(webhook)
  }

  /** The user is gone, and their sessions with them. */
  userDeleted(userId: string): void {
    const timestamp = this.#now()
    const body = JSON.stringify({
      data: { deleted: true, id: userId, object: 'user' },
      event_attributes: { http_request: { client_ip: '127.0.0.1', user_agent: 'local Clerk' } },
      instance_id: 'ins_local',
      object: 'event',
      timestamp,
      type: 'user.deleted',
    })
    const webhook = { id: newId('msg'), body }
    this.#store.webhooks.set(webhook.id, webhook)
    this.#store.save()
    void this.#deliver(webhook)
  }

  stop(): void {
    this.#stopping.abort()
  }

  async #deliver(webhook: PendingWebhook, attempt = 0): Promise<void> {
    if (await this.#post(webhook)) {
      this.#store.webhooks.delete(webhook.id)
      this.#store.save()
      return
    }
    const wait = RETRY_MS[attempt]
    if (wait === undefined || this.#stopping.signal.aborted) return
    setTimeout(() => {
      if (!this.#stopping.signal.aborted) void this.#deliver(webhook, attempt + 1)
    }, wait).unref()
  }

  async #post({ id, body }: PendingWebhook): Promise<boolean> {
    const seconds = String(Math.floor(this.#now() / 1000))
    try {
      const { ok } = await fetch(this.#options.url, {
        method: 'POST',
        body,
        redirect: 'error',
        signal: AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(TIMEOUT_MS)]),
        headers: {
          'content-type': 'application/json',
          'svix-id': id,
          'svix-timestamp': seconds,
          'svix-signature': sign(this.#options.secret, id, seconds, body),
        },
      })
      return ok
    } catch {
      // The app is not up, or was too slow: the next attempt may find it.
      return false
    }
  }
}

export function sign(secret: string, id: string, seconds: string, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const mac = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  return `v1,${mac}`
}
