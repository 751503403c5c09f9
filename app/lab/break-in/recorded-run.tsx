import { DEFENCE_WORDS, DEFENCES } from '../attempt/defences'
import { ATTACK_GROUPS } from './attack-groups'

/** What stops the ready attacks, where the lab is off: as the tests prove it, attack by attack. */
export function RecordedRun() {
  return (
    <ul role="list" className="grid gap-3 sm:grid-cols-2">
      {ATTACK_GROUPS.map(({ id, title, aim, attacks }) => (
        <li key={id} className="grid content-start gap-1 rounded-xl border bg-card p-4">
          <h2 className="font-semibold">{title}</h2>
          <p className="text-sm text-pretty text-muted-foreground">{aim}</p>
          <p className="text-sm">
            {DEFENCES.flatMap((defence) => {
              const count = attacks.filter(({ by }) => by === defence).length
              const { name } = DEFENCE_WORDS[defence]
              return count === 0 ? [] : [`${count} stopped by the ${name.toLowerCase()}`]
            }).join(', ')}
            .
          </p>
        </li>
      ))}
    </ul>
  )
}
