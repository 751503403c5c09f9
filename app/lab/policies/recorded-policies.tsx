import { TableCard } from './catalog/table-card'
import { Code } from '../frame/code'
import { recorded } from './recorded'
import { Section } from './section'
import { TriedAnswer } from './try/tried-answer'

/** What the room showed on a machine where the lab is on. */
export function RecordedPolicies() {
  return (
    <>
      <Section
        title="A recorded trial: Bob reads every todo"
        lead="Below, each policy says of each row whether it lets Bob see it, of rows of others, too."
      >
        <Code>{recorded.sql}</Code>
        <TriedAnswer tried={recorded.tried} />
      </Section>
      <Section
        title="The policies that decided"
        lead="As the database has them, in words and in SQL."
      >
        <TableCard table={recorded.table} isOpen />
      </Section>
    </>
  )
}
