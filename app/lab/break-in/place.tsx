import { PageLink } from '@/app/components/page-link'
import { DEMO_USERS } from '@/db/demo-users'
import { othersKnownTo, type Self } from '../attempt/use-app-attempt'
import { PillChoice } from '../frame/pill-choice'
import { pathOf } from '../rooms'
import { CAST_OF_WORLD, type Cast } from './attack-groups'

/** The database under attack, and with it the attacker. */
export type Place = 'app' | 'world'

const PLACES: Readonly<Record<Place, string>> = {
  app: 'On the app, as you',
  world: 'In a scratch database, as Bob',
}

type Props = { place: Place; self: Self | null; onChoose: (place: Place) => void }

/** The choice of the place, and what is special about it. */
export function PlaceField({ place, self, onChoose }: Props) {
  return (
    <fieldset className="grid min-w-0 gap-3">
      <legend className="sr-only">Where to attack</legend>
      {self === null ? (
        <p className="text-sm text-muted-foreground">
          <PageLink
            href={`/sign-in?redirect_url=${pathOf('break-in')}`}
            className="inline-flex min-h-11 items-center font-medium text-primary underline underline-offset-4"
          >
            Sign in
          </PageLink>{' '}
          to attack the app itself, as you.
        </p>
      ) : (
        <div className="flex flex-wrap gap-1.5 font-medium">
          {(['app', 'world'] as const).map((one) => (
            <PillChoice
              key={one}
              name="place"
              isChosen={one === place}
              onChoose={() => {
                onChoose(one)
              }}
            >
              {PLACES[one]}
            </PillChoice>
          ))}
        </div>
      )}
      <p className="text-pretty">{place === 'app' ? <OnTheApp self={self} /> : <InAWorld />}</p>
    </fieldset>
  )
}

export function castOf(place: Place, self: Self | null): Cast {
  if (place === 'world' || self === null) return CAST_OF_WORLD
  const [victim] = othersKnownTo(self)
  return {
    attacker: self.userId,
    victim:
      victim === undefined
        ? null
        : { id: DEMO_USERS[victim].id, name: DEMO_USERS[victim].firstName },
  }
}

function OnTheApp({ self }: { self: Self | null }) {
  const names = (self === null ? [] : othersKnownTo(self)).map((one) => DEMO_USERS[one].firstName)
  return (
    <>
      You are <strong>yourself</strong>, on the app’s own tables, through its own SQL proxy, with
      your own token. What you write is undone.{' '}
      {names.length > 0 && `What is private to ${names.join(' and ')} is what you are after.`}
    </>
  )
}

function InAWorld() {
  return (
    <>
      You are <strong className="rounded bg-bob px-1.5 py-0.5 text-white">Bob</strong> in a scratch
      database, beside private todos of Alice’s and Carol’s. The list “Summer party” Alice shares
      with you.
    </>
  )
}
