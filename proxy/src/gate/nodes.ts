/**
 * The parts of Postgres' grammar that a statement may contain. Any other node, and any other field of a
 * listed node, is refused.
 *
 * `field` is a node, `field*` a list of nodes, `field:Type` a node whose type follows from the grammar
 * (libpg_query omits the type then), `field=` a plain value.
 */
const ALLOWED: Record<string, string> = {
  // statements; without SELECT INTO, which creates a table
  SelectStmt:
    'distinctClause* targetList* fromClause* whereClause groupClause* groupDistinct= havingClause windowClause* valuesLists* sortClause* limitOffset limitCount limitOption= lockingClause* withClause:WithClause op= all= larg:SelectStmt rarg:SelectStmt',
  InsertStmt:
    'relation:RangeVar cols* selectStmt onConflictClause:OnConflictClause returningClause:ReturningClause withClause:WithClause override=',
  UpdateStmt:
    'relation:RangeVar targetList* whereClause fromClause* returningClause:ReturningClause withClause:WithClause',
  DeleteStmt:
    'relation:RangeVar usingClause* whereClause returningClause:ReturningClause withClause:WithClause',
  MergeStmt:
    'relation:RangeVar sourceRelation joinCondition mergeWhenClauses* returningClause:ReturningClause withClause:WithClause',

  // clauses
  MergeWhenClause: 'matchKind= commandType= override= condition targetList* values*',
  MergeSupportFunc: 'msftype= location=',
  WithClause: 'ctes* recursive= location=',
  CommonTableExpr:
    'ctename= aliascolnames* ctematerialized= ctequery search_clause:CTESearchClause cycle_clause:CTECycleClause location=',
  CTESearchClause: 'search_col_list* search_breadth_first= search_seq_column= location=',
  CTECycleClause:
    'cycle_col_list* cycle_mark_column= cycle_mark_value cycle_mark_default cycle_path_column= location=',
  ReturningClause: 'options* exprs*',
  ReturningOption: 'option= value= location=',
  OnConflictClause: 'action= infer:InferClause targetList* whereClause location=',
  InferClause: 'indexElems* whereClause conname= location=',
  IndexElem: 'name= expr collation* opclass* ordering= nulls_ordering=',
  SortBy: 'node sortby_dir= sortby_nulls= useOp* location=',
  WindowDef:
    'name= refname= partitionClause* orderClause* frameOptions= startOffset endOffset location=',
  LockingClause: 'lockedRels* strength= waitPolicy=',
  GroupingSet: 'kind= content* location=',
  ResTarget: 'name= indirection* val location=',
  SetToDefault: 'location=',
  MultiAssignRef: 'source colno= ncolumns=',

  // items of FROM; without TABLESAMPLE, XMLTABLE and JSON_TABLE
  RangeVar: 'catalogname= schemaname= relname= inh= relpersistence= alias:Alias location=',
  RangeSubselect: 'lateral= subquery alias:Alias',
  RangeFunction: 'lateral= ordinality= is_rowsfrom= functions* alias:Alias coldeflist*',
  JoinExpr:
    'jointype= isNatural= larg rarg usingClause* join_using_alias:Alias quals alias:Alias rtindex=',
  Alias: 'aliasname= colnames*',
  ColumnDef: 'colname= typeName:TypeName collClause:CollateClause is_local= location=',

  // expressions; without XML, SQL/JSON constructors and CURRENT OF
  A_Const: 'ival:Integer fval:Float boolval:Boolean sval:String bsval:BitString isnull= location=',
  Integer: 'ival=',
  Float: 'fval=',
  Boolean: 'boolval=',
  String: 'sval=',
  BitString: 'bsval=',
  List: 'items*',
  ParamRef: 'number= location=',
  ColumnRef: 'fields* location=',
  A_Star: '',
  A_Indirection: 'arg indirection*',
  A_Indices: 'is_slice= lidx uidx',
  A_Expr: 'kind= name* lexpr rexpr rexpr_list_start= rexpr_list_end= location=',
  A_ArrayExpr: 'elements* list_start= list_end= location=',
  BoolExpr: 'boolop= args* location=',
  CaseExpr: 'arg args* defresult location=',
  CaseWhen: 'expr result location=',
  CoalesceExpr: 'args* location=',
  MinMaxExpr: 'op= args* location=',
  NullTest: 'arg nulltesttype= argisrow= location=',
  BooleanTest: 'arg booltesttype= location=',
  SubLink: 'subLinkType= testexpr operName* subselect location=',
  TypeCast: 'arg typeName:TypeName location=',
  TypeName: 'names* typmods* typemod= arrayBounds* location=',
  CollateClause: 'arg collname* location=',
  FuncCall:
    'funcname* args* agg_order* agg_filter over:WindowDef agg_within_group= agg_star= agg_distinct= func_variadic= funcformat= location=',
  NamedArgExpr: 'arg name= argnumber= location=',
  RowExpr: 'args* row_format= colnames* location=',
  SQLValueFunction: 'op= typmod= location=',
  GroupingFunc: 'args* location=',
}

export type FieldKind =
  { readonly holds: 'node' | 'list' | 'value' } | { readonly holds: 'typed'; readonly type: string }

function parseField(field: string): [string, FieldKind] {
  if (field.endsWith('*')) return [field.slice(0, -1), { holds: 'list' }]
  if (field.endsWith('=')) return [field.slice(0, -1), { holds: 'value' }]
  const [name = '', type] = field.split(':')
  return [name, type === undefined ? { holds: 'node' } : { holds: 'typed', type }]
}

/** Node type → field → kind of content. */
export const NODES: ReadonlyMap<string, ReadonlyMap<string, FieldKind>> = new Map(
  Object.entries(ALLOWED).map(([type, fields]) => [
    type,
    new Map(fields.split(' ').filter(Boolean).map(parseField)),
  ]),
)

/** The allowed statements; VALUES and TABLE are parsed as SelectStmt. */
export const STATEMENTS: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
])
