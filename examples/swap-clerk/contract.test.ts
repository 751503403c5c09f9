/** What the app asks of its login, the files here offer as Clerk's do; their types are compared by the build of the example. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import ts from 'typescript'

const CLERKS = join('lib', 'auth')
const OURS = join('examples', 'swap-clerk', 'lib', 'auth')

/** The modules of `lib/auth` that the app itself imports, and Next's settings and request hook. */
function modulesAskedFor(): string[] {
  const asked = ['app', 'lib', 'pages', 'proxy.ts', 'next.config.js'].flatMap(sourcesIn)
  const names = asked.flatMap((file) =>
    Array.from(
      readFileSync(file, 'utf8').matchAll(/from '(?:@|\.)\/lib\/auth\/([\w-]+)/g),
      ([, name]) => name ?? '',
    ),
  )
  return [...new Set(names)].sort()
}

function sourcesIn(path: string): string[] {
  if (!existsSync(path)) return []
  if (/\.[jt]sx?$/.test(path)) return path.includes('.test.') ? [] : [path]
  const entries = readdirSync(path, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory() || /\.[jt]sx?$/.test(entry.name))
    .flatMap(({ name }) => sourcesIn(join(path, name)))
}

function fileOf(folder: string, module: string): string {
  const file = ['.ts', '.tsx', '.js']
    .map((ending) => join(folder, module + ending))
    .find(existsSync)
  assert.ok(file, `${module} in ${folder}`)
  return file
}

/** The names that a module exports, types included. */
function exportsOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  return source.statements
    .filter((statement) =>
      (ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined)?.some(
        ({ kind }) => kind === ts.SyntaxKind.ExportKeyword,
      ),
    )
    .flatMap((statement) => {
      if (ts.isVariableStatement(statement)) {
        return statement.declarationList.declarations.map(({ name }) => name.getText(source))
      }
      assert.ok(ts.isFunctionDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
      return statement.name?.text ?? 'default'
    })
    .sort()
}

test('the app asks its login for what lib/auth says, and nothing else of Clerk', () => {
  assert.ok(modulesAskedFor().length > 8)
})

for (const module of modulesAskedFor()) {
  test(`${module} can be had with Auth0 as with Clerk`, () => {
    assert.deepEqual(exportsOf(fileOf(OURS, module)), exportsOf(fileOf(CLERKS, module)))
  })
}
