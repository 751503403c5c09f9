/**
 * What sessions may do besides what the gate lets through: control transactions, and set and show harmless
 * settings. Postgres sees only statements that the proxy writes itself, with names and values quoted.
 */
import { ProxyError } from '../errors'
import type { Command, Modes } from '../gate/commands'
import { serializableRefused } from '../request/options'
import type { Access } from './access'
import type { Pipeline } from './pipeline'
import type { Reply } from './replies'
import { failed } from './session-errors'
import type { SessionSettings } from './settings'
import type { Statements } from './statements'
import { commandComplete, notice } from './to-client'
import { BIND_UNNAMED, EXECUTE_UNNAMED, parseMessage } from './to-postgres'

/** Kinds that Postgres need not parse before they run. */
export type ControlCommand = Exclude<
  Command,
  { kind: 'query' | 'show' | 'declare' | 'cursor' | 'refused' }
>

export function isControl(command: Command): command is ControlCommand {
  return !['query', 'show', 'declare', 'cursor', 'refused'].includes(command.kind)
}

/** The setting that renews the session's token. It never reaches Postgres. */
export const TOKEN_SETTING = 'auth.token'

export class Control {
  readonly #pipeline: Pipeline
  readonly #access: Access
  readonly #settings: SessionSettings
  readonly #statements: Statements
  readonly #serializable: boolean
  /** Of the open transaction. */
  #modes: Modes = {}
  /** COMMIT AND CHAIN, or ROLLBACK AND CHAIN. */
  #chains = false

  /** @param serializable whether SERIALIZABLE is allowed */
  constructor(
    pipeline: Pipeline,
    access: Access,
    settings: SessionSettings,
    statements: Statements,
    serializable: boolean,
  ) {
    this.#pipeline = pipeline
    this.#access = access
    this.#settings = settings
    this.#statements = statements
    this.#serializable = serializable
    // A role that logs in by password sets them itself, and VACUUM must run alone.
    pipeline.settings = () => (access.isPinned ? [] : [settings.step])
    pipeline.onEnd = (isCommitted) => {
      settings.end(isCommitted)
      statements.closePortals()
      if (!this.#chains) return
      this.#chains = false
      this.#begin(this.#modes)
    }
  }

  /** @throws ProxyError, which fails the transaction */
  async run(command: ControlCommand): Promise<void> {
    const pipeline = this.#pipeline
    if (pipeline.status === 'E' && pipeline.isUntouched && !mayFollowFailure(command))
      throw failed()
    switch (command.kind) {
      case 'begin':
        await this.#onBegin(command.modes, command.tag)
        break
      case 'commit':
      case 'rollback':
        await this.#onEnd(command.kind, command.chain)
        break
      case 'savepoint':
        await this.#send(`SAVEPOINT ${quoted(command.name)}`, {
          onDone: () => {
            this.#settings.savepoint(command.name)
          },
        })
        break
      case 'release':
        await this.#send(`RELEASE SAVEPOINT ${quoted(command.name)}`, {
          onDone: () => {
            this.#settings.release(command.name)
          },
        })
        break
      case 'rollback to':
        await this.#send(`ROLLBACK TO SAVEPOINT ${quoted(command.name)}`, {
          onDone: () => {
            this.#settings.rollbackTo(command.name)
          },
        })
        break
      case 'set transaction':
        await this.#onModes(command.modes)
        break
      case 'set':
        await this.#onSet(command)
        break
      case 'reset all':
        await this.#onResetAll()
        break
      case 'discard all':
        this.#onDiscardAll()
        break
      case 'deallocate':
        this.#onDeallocate(command.name)
        break
    }
  }

  /** A transaction begins in Postgres with its first statement, so that until then no session is held. */
  async #onBegin(modes: Modes, tag: 'BEGIN' | 'START TRANSACTION'): Promise<void> {
    this.#requireAllowed(modes)
    const pipeline = this.#pipeline
    if (pipeline.status === 'I' && !pipeline.isOpen) {
      this.#begin(modes)
      pipeline.replies.add(commandComplete(tag))
    } else if (pipeline.beginning !== undefined && pipeline.isUntouched) {
      pipeline.replies.add(notice('WARNING', '25001', 'there is already a transaction in progress'))
      pipeline.replies.add(commandComplete(tag))
    } else {
      // What went before in the same message becomes part of the transaction, as in Postgres.
      if (pipeline.status === 'I') this.#modes = modes
      await this.#send(statementOf(tag, modes))
    }
  }

  #begin(modes: Modes): void {
    this.#modes = modes
    this.#pipeline.status = 'T'
    this.#pipeline.beginning = statementOf('START TRANSACTION', modes)
    this.#settings.begin()
  }

  async #onEnd(kind: 'commit' | 'rollback', chain: boolean): Promise<void> {
    const pipeline = this.#pipeline
    if (pipeline.isUntouched) {
      const tag = kind === 'commit' && pipeline.status === 'T' ? 'COMMIT' : 'ROLLBACK'
      if (pipeline.status === 'I') {
        if (chain) throw noTransaction(`${kind.toUpperCase()} AND CHAIN`)
        pipeline.replies.add(notice('WARNING', '25P01', 'there is no transaction in progress'))
        pipeline.replies.add(commandComplete(kind.toUpperCase()))
        return
      }
      pipeline.status = 'I'
      pipeline.beginning = undefined
      this.#chains = chain
      pipeline.replies.add(commandComplete(tag))
      pipeline.onEnd(tag === 'COMMIT')
      return
    }
    await this.#send(kind.toUpperCase(), {
      onDone: (tag) => {
        pipeline.endTag = tag
        this.#chains = chain
      },
    })
    pipeline.endTransaction()
  }

  async #onModes(modes: Modes): Promise<void> {
    this.#requireAllowed(modes)
    const pipeline = this.#pipeline
    if (pipeline.beginning !== undefined && pipeline.isUntouched) {
      this.#begin({ ...this.#modes, ...modes })
      pipeline.replies.add(commandComplete('SET'))
    } else await this.#send(`SET TRANSACTION ${modesOf(modes)}`)
  }

  async #onSet(command: Extract<Command, { kind: 'set' }>): Promise<void> {
    const { name, value, isLocal, tag } = command
    if (name === TOKEN_SETTING) {
      await this.#access.renew(value ?? '')
      this.#pipeline.replies.add(commandComplete(tag))
      return
    }
    if (!this.#settings.check(command)) {
      this.#pipeline.replies.add(commandComplete(tag))
      return
    }
    if (this.#pipeline.status === 'I') this.#settings.begin()
    await this.#send(this.#settings.sqlFor({ name, value }), {
      tag,
      hidesNotices: true,
      onDone: () => {
        if (!isLocal) this.#settings.set({ name, value })
      },
    })
  }

  async #onResetAll(): Promise<void> {
    const pipeline = this.#pipeline
    if (!pipeline.isUntouched) {
      for (const name of this.#settings.changed) {
        await this.#send(this.#settings.sqlFor({ name, value: undefined }), { isHidden: true })
      }
    }
    this.#settings.reset()
    pipeline.replies.add(commandComplete('RESET'))
  }

  #onDiscardAll(): void {
    if (this.#pipeline.status !== 'I' || this.#pipeline.isOpen) {
      throw new ProxyError('postgres_error', 'DISCARD ALL cannot run inside a transaction block', {
        code: '25001',
      })
    }
    this.#settings.reset()
    this.#statements.clear()
    this.#pipeline.replies.add(commandComplete('DISCARD ALL'))
  }

  #onDeallocate(name: string | undefined): void {
    if (name === undefined) this.#statements.clear()
    else {
      this.#statements.get(name)
      this.#statements.delete(name)
    }
    const tag = name === undefined ? 'DEALLOCATE ALL' : 'DEALLOCATE'
    this.#pipeline.replies.add(commandComplete(tag))
  }

  /** One statement of the proxy's own wording. */
  async #send(sql: string, reply: Omit<Reply, 'kind'> = {}): Promise<void> {
    const pipeline = this.#pipeline
    await pipeline.emit(parseMessage(sql, []), { kind: 'parse', isHidden: true })
    await pipeline.emit(BIND_UNNAMED, { kind: 'bind', isHidden: true })
    await pipeline.emit(EXECUTE_UNNAMED, { kind: 'execute', ...reply })
  }

  #requireAllowed({ isolation }: Modes): void {
    if (isolation === 'serializable' && !this.#serializable) throw serializableRefused()
  }
}

function mayFollowFailure(command: ControlCommand): boolean {
  const isRenewal = command.kind === 'set' && command.name === TOKEN_SETTING
  return command.kind === 'commit' || command.kind === 'rollback' || isRenewal
}

function noTransaction(what: string): ProxyError {
  return new ProxyError('postgres_error', `${what} can only be used in transaction blocks`, {
    code: '25P01',
  })
}

function statementOf(tag: string, modes: Modes): string {
  return `${tag} ${modesOf(modes)}`.trim()
}

function modesOf({ isolation, readOnly, deferrable }: Modes): string {
  return [
    isolation && `ISOLATION LEVEL ${isolation.toUpperCase()}`,
    readOnly === undefined ? undefined : readOnly ? 'READ ONLY' : 'READ WRITE',
    deferrable === undefined ? undefined : deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE',
  ]
    .filter(Boolean)
    .join(', ')
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
