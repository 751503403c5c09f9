/** The roles of a list's members, in words. */
import type { InvitedRole, ListRole } from '@/db/schema/list-members'

/** Those that a link or an invitation can give. */
export const GIVEN_ROLES = ['viewer', 'editor'] as const satisfies readonly InvitedRole[]

export const roleNames: Record<ListRole, string> = {
  owner: 'Owner',
  editor: 'Can edit',
  viewer: 'Can view',
}
