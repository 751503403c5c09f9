import { CATALOGS, OTHERS_WORK } from '../../attacks/others'
import { describeAttacks } from '../testing/attack-table'

describeAttacks('other people’s work cannot be seen, stopped or held up', OTHERS_WORK)

describeAttacks('what the database knows about itself is closed by the gate', CATALOGS)
