/**
 * An ESLint rule: no module may import itself, through whichever other modules.
 *
 * It is eslint-plugin-import's `no-cycle`, which searches the whole graph again for each file, and took
 * three quarters of the time of a lint. Here each file is parsed once. As there, types do not count.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import ts from 'typescript'

const ENDINGS = ['', '.ts', '.tsx', '.js', '.mjs', '/index.ts', '/index.tsx']
/** For editors, where files change under a rule that lives on. */
const TRUSTED_MS = 5_000

/** @type {Map<string, { changedAt: number, imports: string[] }>} */
const modules = new Map()
let trustedUntil = 0

/** @type {import('eslint').Rule.RuleModule} */
export const noCycle = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { cycle: 'This import leads back to this file: {{path}}.' },
  },
  create: (context) => {
    const root = context.cwd
    const check = (node) => {
      if (node.source === null || isTypeOnly(node)) return
      const target = resolveImport(root, context.filename, String(node.source.value))
      const path = target && pathTo(root, target, context.filename)
      if (!path) return
      const names = path.map((file) => relative(root, file)).join(' → ')
      context.report({ node: node.source, messageId: 'cycle', data: { path: names } })
    }
    return {
      ImportDeclaration: check,
      ImportExpression: (node) => {
        if (node.source.type === 'Literal') check(node)
      },
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
    }
  },
}

const isTypeOnly = ({ importKind, exportKind }) => importKind === 'type' || exportKind === 'type'

/** The shortest way from one file to another, both included; undefined when there is none. */
function pathTo(root, from, to) {
  forgetChanged()
  /** Each file with the one that imports it. */
  const cameFrom = new Map([[from, null]])
  for (const file of cameFrom.keys()) {
    if (file === to) {
      const path = []
      for (let at = file; at !== null; at = cameFrom.get(at)) path.unshift(at)
      return path
    }
    for (const next of importsOf(root, file)) if (!cameFrom.has(next)) cameFrom.set(next, file)
  }
  return undefined
}

function importsOf(root, file) {
  let known = modules.get(file)
  if (known === undefined) {
    const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
    const imports = specifiersOf(tree).map((specifier) => resolveImport(root, file, specifier))
    known = { changedAt: changedAt(file), imports: imports.filter(Boolean) }
    modules.set(file, known)
  }
  return known.imports
}

/** What a file imports when it runs. */
function specifiersOf(tree) {
  const found = []
  const add = (node) => {
    if (node && ts.isStringLiteralLike(node)) found.push(node.text)
  }
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      if (!node.importClause?.isTypeOnly) add(node.moduleSpecifier)
    } else if (ts.isExportDeclaration(node)) {
      if (!node.isTypeOnly) add(node.moduleSpecifier)
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0])
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

/** @returns the imported file of this project; undefined for a package */
function resolveImport(root, file, specifier) {
  const isAlias = specifier.startsWith('@/')
  if (!isAlias && !specifier.startsWith('.')) return undefined
  const path = isAlias ? resolve(root, specifier.slice(2)) : resolve(dirname(file), specifier)
  return ENDINGS.map((ending) => path + ending).find(
    (name) => /\.(tsx?|m?js)$/.test(name) && isFile(name),
  )
}

const isFile = (path) => existsSync(path) && statSync(path).isFile()
const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs

function forgetChanged() {
  if (Date.now() < trustedUntil) return
  trustedUntil = Date.now() + TRUSTED_MS
  for (const [file, known] of modules) if (changedAt(file) !== known.changedAt) modules.delete(file)
}
