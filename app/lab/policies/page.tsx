import type { Metadata } from 'next'
import { Room } from '../frame/room'
import { ROOMS } from '../rooms'
import { World } from '../world/world'
import { CatalogSection } from './catalog/catalog-section'
import { CostSection } from './cost/cost-section'
import { ExercisesSection } from './exercises/exercises-section'
import { RecordedPolicies } from './recorded-policies'
import { Section } from './section'
import { TryPolicy } from './try/try-policy'

export const metadata: Metadata = { title: ROOMS.policies.title }

export default function PoliciesPage() {
  return (
    <Room room="policies" recorded={<RecordedPolicies />}>
      <World order={{ variant: 'as shipped' }}>
        <CatalogSection />
        <Section
          title="Try a policy as any user"
          lead="Choose who you are and what to run. It really runs, in a scratch database, and is undone. Below, each policy says of each row whether it would let you."
        >
          <TryPolicy />
        </Section>
      </World>
      <CostSection />
      <ExercisesSection />
    </Room>
  )
}
