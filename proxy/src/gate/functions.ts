/**
 * The functions of pg_catalog that statements may call. They compute a value from their arguments and
 * do not read catalogs or settings, run SQL, sleep, signal, lock, or leave state behind.
 *
 * Deliberately left out:
 * - repeat, lpad, rpad, format and array_fill: one call allocates up to 1 GB in the server.
 * - current_setting, set_config, nextval, currval, lastval, setval, setseed: session state; a shared
 *   sequence reveals how busy other users are.
 * - ts_stat, ts_rewrite, query_to_xml and its family, dblink: they run SQL held in a string.
 * - has_*_privilege, format_type, to_reg*, obj_description, pg_*, txid_*: catalogs and activity.
 * - array_shuffle, array_sample: they use a generator in the backend that is never reseeded, so one
 *   user's draws reveal another's. Use `order by random()` instead.
 * - area, path and the rest of geometry; jsonb_path_query_array, which copies a part of its argument
 *   for each match; log, which also has a form with two numerics: Postgres cannot interrupt them. Use ln
 *   and log10 instead.
 * - jsonb_agg and jsonb_object_agg: quadratic in the strings of a jsonb, 3 s for 0.6 MB with 16,000 of
 *   them, and not interruptible. json_agg(…)::jsonb takes 10 ms.
 * - lo_*: large objects are shared by every user of a role.
 * PROXY_FUNCTIONS=pg_catalog.lpad (comma-separated) lets one of them in.
 */
const WORDS = `
  any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or count every max min range_agg
  range_intersect_agg string_agg sum corr covar_pop covar_samp regr_avgx regr_avgy regr_count
  regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp
  var_pop var_samp variance mode percentile_cont percentile_disc
  json_agg json_agg_strict json_object_agg json_object_agg_strict json_object_agg_unique
  json_object_agg_unique_strict

  cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number

  abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh cbrt ceil ceiling cos cosd
  cosh cot cotd degrees div erf erfc exp factorial floor gamma gcd lcm lgamma ln log10 min_scale
  mod pi pow power radians random random_normal round scale sign sin sind sinh sqrt tan tand tanh
  trim_scale trunc width_bucket num_nonnulls num_nulls

  ascii bit_count bit_length btrim casefold char_length character_length chr concat concat_ws
  convert convert_from convert_to crc32 crc32c decode encode get_bit get_byte initcap
  is_normalized left length like_escape lower ltrim md5 normalize octet_length overlay
  parse_ident position quote_ident quote_literal quote_nullable regexp_count regexp_instr
  regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array
  regexp_split_to_table regexp_substr replace reverse right rtrim set_bit set_byte sha224 sha256
  sha384 sha512 similar_to_escape split_part starts_with string_to_array string_to_table strpos
  substr substring to_bin to_hex to_oct translate unicode_assigned unistr upper

  age clock_timestamp date_add date_bin date_part date_subtract date_trunc extract isfinite
  justify_days justify_hours justify_interval make_date make_interval make_time make_timestamp
  make_timestamptz now overlaps statement_timestamp timeofday timezone to_char to_date to_number
  to_timestamp transaction_timestamp

  array_append array_cat array_dims array_length array_lower array_ndims array_position
  array_positions array_prepend array_remove array_replace array_reverse array_sort array_to_string array_upper cardinality generate_series
  generate_subscripts trim_array unnest enum_first enum_last enum_range
  isempty lower_inc lower_inf multirange range_merge upper_inc upper_inf

  array_to_json json_array_elements json_array_elements_text json_array_length json_build_array
  json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object
  json_object_keys json_populate_record json_populate_recordset json_strip_nulls json_to_record
  json_to_recordset json_typeof jsonb_array_elements jsonb_array_elements_text jsonb_array_length
  jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path
  jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_keys jsonb_path_exists
  jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query
  jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record jsonb_populate_recordset
  jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset
  jsonb_typeof row_to_json to_json to_jsonb

  gen_random_uuid uuid_extract_timestamp uuid_extract_version uuidv4 uuidv7
  abbrev broadcast family host hostmask inet_merge inet_same_family masklen netmask network
  set_masklen

  array_to_tsvector json_to_tsvector jsonb_to_tsvector numnode phraseto_tsquery plainto_tsquery
  querytree setweight strip to_tsquery to_tsvector ts_delete ts_filter ts_headline ts_rank
  ts_rank_cd tsquery_phrase tsvector_to_array websearch_to_tsquery

  bool bpchar bytea char date daterange datemultirange float4 float8 int2 int4 int4multirange
  int4range int8 int8multirange int8range interval name nummultirange numeric numrange text time
  timestamp timestamptz timetz tsmultirange tsrange tstzmultirange tstzrange varchar

  current_database current_schema
`

export const BUILT_IN_FUNCTIONS: ReadonlySet<string> = new Set(WORDS.split(/\s+/).filter(Boolean))

/** The identity functions, which policies use as well. */
export const AUTH_FUNCTIONS: ReadonlySet<string> = new Set(
  ['session', 'jwt', 'user_id', 'uid', 'organization', 'organization_id'].map((f) => `auth.${f}`),
)

/**
 * Set-returning functions whose only column is named like their alias, so that `x.x` is a column.
 * Not json_array_elements and similar ones: their column is always called "value".
 */
export const NAMED_BY_ALIAS: ReadonlySet<string> = new Set([
  'generate_series',
  'generate_subscripts',
  'json_object_keys',
  'jsonb_object_keys',
  'regexp_split_to_table',
  'string_to_table',
  'unnest',
])

/** Columns of the listed set-returning functions. Postgres has no functions with these names. */
export const OUTPUT_COLUMNS: ReadonlySet<string> = new Set(['key', 'value', 'ordinality'])
