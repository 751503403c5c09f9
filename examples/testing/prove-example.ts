/**
 * The promises that each example keeps, without a browser: the provider's SDK gets a token from the stand-in, and with
 * it Postgres shows and changes what is the user's own, and nothing else.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { eq, sql } from 'drizzle-orm'
import type { Example, Variables } from '../run/example'
import { DEMO_USERS, type Credentials } from '../stand-in/users'
import { addTodo, deleteTodo, listTodos, toggleTodo } from '../todos/queries'
import { todos } from '../todos/schema'
import { startPlace, type Place } from './place'

/** A person's session, as the provider's SDK keeps it. */
export type Session = {
  /** As the app hands it to the driver. */
  readonly token: () => Promise<string>
  /** As the SDK renews it. */
  readonly refresh: () => Promise<void>
  /**
   * Offers the refresh token of before `refresh` once more, by the SDK or by its request: must reject. Left out for a
   * provider that keeps its refresh tokens.
   */
  readonly replay?: () => Promise<unknown>
  /** As the app's button does it. `refresh` must reject from then on. */
  readonly signOut: () => Promise<void>
}

/** A provider's SDK, as the app calls it. */
export type Sdk = {
  readonly signIn: (credentials: Credentials) => Promise<Session>
  readonly signUp?: (credentials: Credentials) => Promise<Session>
  readonly stop?: () => Promise<void>
}

export type SdkPlace<Name extends string> = {
  readonly variables: Variables<Name> & Variables
  /** Of the app, which does not run: where a browser would be sent back to. */
  readonly appOrigin: string
  /** Of the stand-in. */
  readonly origin: string
}

const { alice, bob } = DEMO_USERS

/** Call it once, at the top of a test file. */
export function proveExample<Name extends string>(
  example: Example<Name>,
  openSdk: (place: SdkPlace<Name>) => Sdk | Promise<Sdk>,
): void {
  const { title } = example
  const folder = mkdtempSync(join(tmpdir(), 'example-'))
  let place: Place<Name>
  let sdk: Sdk
  const stops: (() => Promise<void>)[] = []

  before(async () => {
    place = await startPlace(example, join(folder, 'stand-in.json'))
    stops.push(place.stop)
    sdk = await openSdk(place)
    if (sdk.stop) stops.push(sdk.stop)
  })
  after(async () => {
    for (const stop of stops.reverse()) await stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const signedIn = async (who: Credentials) => {
    const session = await sdk.signIn(who)
    return { session, db: place.connect(await session.token()) }
  }

  test(`${title}: a token of the SDK adds, lists, toggles and deletes the user’s own todos`, async () => {
    const { db } = await signedIn(alice)
    const task = `alice’s, ${title}`
    await addTodo(db, task)
    const [added] = (await listTodos(db)).filter((todo) => todo.task === task)
    assert.ok(added)
    await toggleTodo(db, added.id)
    const isComplete = async () =>
      (await listTodos(db)).find(({ id }) => id === added.id)?.isComplete
    assert.equal(await isComplete(), true)
    await deleteTodo(db, added.id)
    assert.equal(await isComplete(), undefined)
  })

  test(`${title}: what is alice’s, bob cannot see, change, delete, or add`, async () => {
    const [hers, his] = [await signedIn(alice), await signedIn(bob)]
    await addTodo(hers.db, 'alice’s secret')
    const [secret] = await hers.db.select().from(todos).where(eq(todos.task, 'alice’s secret'))
    assert.ok(secret)
    const isHers = eq(todos.id, secret.id)

    assert.deepEqual(await his.db.select().from(todos).where(isHers), [])
    assert.deepEqual(
      await his.db.update(todos).set({ task: 'bob’s' }).where(isHers).returning(),
      [],
    )
    assert.deepEqual(await his.db.delete(todos).where(isHers).returning(), [])
    await assert.rejects(
      his.db.insert(todos).values({ task: 'for alice', userId: secret.userId }),
      causedBy(/row-level security/),
    )
    assert.deepEqual(await hers.db.select().from(todos).where(isHers), [secret])
  })

  test(`${title}: a token past its end is refused, and says so`, async () => {
    const { session } = await signedIn(alice)
    const token = await session.token()
    await assert.rejects(listTodos(place.connectLater(token)), causedBy(/JWT token has expired/))
  })

  test(`${title}: a token for another app of the provider is refused`, async (context) => {
    const { session } = await signedIn(alice)
    if (place.connectElsewhere === undefined) {
      context.diagnostic('The issuer is the app’s own.')
      return
    }
    const elsewhere = place.connectElsewhere(await session.token())
    await assert.rejects(listTodos(elsewhere), causedBy(/audience|another application/))
  })

  test(`${title}: a renewed session has a new token of the same user`, async () => {
    const { session, db } = await signedIn(alice)
    const before = await session.token()
    await session.refresh()
    const renewed = await session.token()
    assert.notEqual(renewed, before)
    assert.equal(await userIdOf(place.connect(renewed)), await userIdOf(db))
    if (session.replay === undefined) return
    await assert.rejects(session.replay(), 'a refresh token that was used is good no more')
  })

  test(`${title}: a session that was signed out is not renewed`, async () => {
    const { session } = await signedIn(alice)
    // What is refused below is the end of the session, and no mistake of this test.
    await session.refresh()
    await session.signOut()
    await assert.rejects(session.refresh())
  })

  test(`${title}: without a token, Postgres is not asked`, async () => {
    await assert.rejects(listTodos(place.connect('')), causedBy(/token|authorization/i))
  })

  test(`${title}: a wrong password signs nobody in`, async () => {
    await assert.rejects(sdk.signIn({ ...alice, password: 'not hers' }))
  })

  if (!example.hasSignUp) return
  test(`${title}: a new user begins with an empty list`, async () => {
    assert.ok(sdk.signUp)
    const session = await sdk.signUp({ email: 'carol@example.com', password: 'correct horse 8' })
    const db = place.connect(await session.token())
    assert.deepEqual(await listTodos(db), [])
    await addTodo(db, 'carol’s')
    assert.equal((await listTodos(db)).length, 1)
  })
}

async function userIdOf(db: Awaited<ReturnType<Place['connect']>>): Promise<unknown> {
  const [row] = await db.select({ id: sql`auth.user_id()` }).from(sql`(select) as one`)
  return row?.id
}

/** Drizzle wraps what the driver throws. */
function causedBy(sentence: RegExp) {
  return (error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    assert.match(String(cause), sentence)
    return true
  }
}
