import { CLAIMS_BY_FUNCTION, CLAIMS_BY_SET } from '../../attacks/claims'
import { ROLES, RULES } from '../../attacks/roles'
import { describeAttacks } from '../testing/attack-table'

describeAttacks('claims cannot be forged with set_config', CLAIMS_BY_FUNCTION)

describeAttacks('claims cannot be forged with SET, and no user can become another', [
  ...CLAIMS_BY_SET,
  ...ROLES,
  ...RULES,
])
