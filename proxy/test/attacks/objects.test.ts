import { OBJECTS, SEARCH_PATH, SIDE_DOORS } from '../../attacks/objects'
import { describeAttacks } from '../testing/attack-table'

describeAttacks('nothing can be created that others would run into', OBJECTS)

describeAttacks('search_path leads nowhere', SEARCH_PATH)

describeAttacks('nothing gets out or in by a side door', SIDE_DOORS)
