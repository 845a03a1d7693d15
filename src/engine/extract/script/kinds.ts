/**
 * Syntax kinds and their type guards for the one walk that visits every node. TypeScript's own enum and namespace hold
 * thousands of properties each, so that every look-up in them is a hash look-up; as small objects and functions they cost
 * lowering less than half (docs/performance.md).
 */
import { ts } from './parse';

const S = ts.SyntaxKind;

export const K = {
  AmpersandAmpersandToken: S.AmpersandAmpersandToken, ArrayLiteralExpression: S.ArrayLiteralExpression, ArrowFunction: S.ArrowFunction, AsExpression: S.AsExpression, AsyncKeyword: S.AsyncKeyword,
  AwaitExpression: S.AwaitExpression, BarBarEqualsToken: S.BarBarEqualsToken, BarBarToken: S.BarBarToken, BigIntLiteral: S.BigIntLiteral, BinaryExpression: S.BinaryExpression, Block: S.Block,
  BreakStatement: S.BreakStatement, CallExpression: S.CallExpression, ClassDeclaration: S.ClassDeclaration, ClassExpression: S.ClassExpression, CommaToken: S.CommaToken, ConditionalExpression: S.ConditionalExpression,
  Constructor: S.Constructor, ContinueStatement: S.ContinueStatement, DeclareKeyword: S.DeclareKeyword, DefaultKeyword: S.DefaultKeyword, DeleteExpression: S.DeleteExpression, DoStatement: S.DoStatement,
  ElementAccessExpression: S.ElementAccessExpression, EnumDeclaration: S.EnumDeclaration, EqualsToken: S.EqualsToken, ExclamationToken: S.ExclamationToken, ExportAssignment: S.ExportAssignment,
  ExportDeclaration: S.ExportDeclaration, ExportKeyword: S.ExportKeyword, ExpressionStatement: S.ExpressionStatement, ExpressionWithTypeArguments: S.ExpressionWithTypeArguments, ExtendsKeyword: S.ExtendsKeyword,
  FalseKeyword: S.FalseKeyword, FirstAssignment: S.FirstAssignment, ForInStatement: S.ForInStatement, ForOfStatement: S.ForOfStatement, ForStatement: S.ForStatement, FunctionDeclaration: S.FunctionDeclaration,
  FunctionExpression: S.FunctionExpression, GetAccessor: S.GetAccessor, Identifier: S.Identifier, IfStatement: S.IfStatement, ImportDeclaration: S.ImportDeclaration, ImportEqualsDeclaration: S.ImportEqualsDeclaration,
  ImportKeyword: S.ImportKeyword, JsxElement: S.JsxElement, JsxExpression: S.JsxExpression, JsxFragment: S.JsxFragment, JsxSelfClosingElement: S.JsxSelfClosingElement, JsxText: S.JsxText,
  LabeledStatement: S.LabeledStatement, LastAssignment: S.LastAssignment, MetaProperty: S.MetaProperty, MethodDeclaration: S.MethodDeclaration, ModuleDeclaration: S.ModuleDeclaration, NewExpression: S.NewExpression,
  NoSubstitutionTemplateLiteral: S.NoSubstitutionTemplateLiteral, NonNullExpression: S.NonNullExpression, NullKeyword: S.NullKeyword, NumericLiteral: S.NumericLiteral, ObjectBindingPattern: S.ObjectBindingPattern,
  ObjectLiteralExpression: S.ObjectLiteralExpression, OmittedExpression: S.OmittedExpression, ParenthesizedExpression: S.ParenthesizedExpression, PlusToken: S.PlusToken, PostfixUnaryExpression: S.PostfixUnaryExpression,
  PrefixUnaryExpression: S.PrefixUnaryExpression, PrivateKeyword: S.PrivateKeyword, PropertyAccessExpression: S.PropertyAccessExpression, PropertyAssignment: S.PropertyAssignment, PropertyDeclaration: S.PropertyDeclaration,
  ProtectedKeyword: S.ProtectedKeyword, PublicKeyword: S.PublicKeyword, QuestionQuestionEqualsToken: S.QuestionQuestionEqualsToken, QuestionQuestionToken: S.QuestionQuestionToken, ReadonlyKeyword: S.ReadonlyKeyword,
  RegularExpressionLiteral: S.RegularExpressionLiteral, ReturnStatement: S.ReturnStatement, SatisfiesExpression: S.SatisfiesExpression, SetAccessor: S.SetAccessor, ShorthandPropertyAssignment: S.ShorthandPropertyAssignment,
  SpreadAssignment: S.SpreadAssignment, SpreadElement: S.SpreadElement, StaticKeyword: S.StaticKeyword, StringLiteral: S.StringLiteral, SuperKeyword: S.SuperKeyword, SwitchStatement: S.SwitchStatement,
  TaggedTemplateExpression: S.TaggedTemplateExpression, TemplateExpression: S.TemplateExpression, ThisKeyword: S.ThisKeyword, ThrowStatement: S.ThrowStatement, TrueKeyword: S.TrueKeyword, TryStatement: S.TryStatement,
  TypeAssertionExpression: S.TypeAssertionExpression, TypeOfExpression: S.TypeOfExpression, VariableDeclarationList: S.VariableDeclarationList, VariableStatement: S.VariableStatement, VoidExpression: S.VoidExpression,
  WhileStatement: S.WhileStatement, YieldExpression: S.YieldExpression,
} as const;

export const isIdentifier = (n: ts.Node): n is ts.Identifier => n.kind === K.Identifier;
export const isStringLiteral = (n: ts.Node): n is ts.StringLiteral => n.kind === K.StringLiteral;
export const isStringLiteralLike = (n: ts.Node): n is ts.StringLiteralLike => n.kind === K.StringLiteral || n.kind === K.NoSubstitutionTemplateLiteral;
export const isPropertyAccess = (n: ts.Node): n is ts.PropertyAccessExpression => n.kind === K.PropertyAccessExpression;
export const isElementAccess = (n: ts.Node): n is ts.ElementAccessExpression => n.kind === K.ElementAccessExpression;
export const isCall = (n: ts.Node): n is ts.CallExpression => n.kind === K.CallExpression;
export const isBinary = (n: ts.Node): n is ts.BinaryExpression => n.kind === K.BinaryExpression;
export const isBlock = (n: ts.Node): n is ts.Block => n.kind === K.Block;
export const isTemplate = (n: ts.Node): n is ts.TemplateExpression => n.kind === K.TemplateExpression;
export const isOmitted = (n: ts.Node): n is ts.OmittedExpression => n.kind === K.OmittedExpression;
export const isMetaProperty = (n: ts.Node): n is ts.MetaProperty => n.kind === K.MetaProperty;
export const isObjectPattern = (n: ts.Node): n is ts.ObjectBindingPattern => n.kind === K.ObjectBindingPattern;
export const isVariableList = (n: ts.Node): n is ts.VariableDeclarationList => n.kind === K.VariableDeclarationList;
export const isProperty = (n: ts.Node): n is ts.PropertyAssignment => n.kind === K.PropertyAssignment;
export const isShorthand = (n: ts.Node): n is ts.ShorthandPropertyAssignment => n.kind === K.ShorthandPropertyAssignment;
export const isSpreadProperty = (n: ts.Node): n is ts.SpreadAssignment => n.kind === K.SpreadAssignment;
export const isConstructor = (n: ts.Node): n is ts.ConstructorDeclaration => n.kind === K.Constructor;
export const isMethodOrAccessor = (n: ts.Node): n is ts.MethodDeclaration | ts.AccessorDeclaration => n.kind === K.MethodDeclaration || n.kind === K.GetAccessor || n.kind === K.SetAccessor;

/** Parentheses and types say nothing about what runs. */
export function unwrap(n: ts.Expression): ts.Expression {
  let x = n;
  for (;;) {
    switch (x.kind) {
      case K.ParenthesizedExpression:
      case K.AsExpression:
      case K.SatisfiesExpression:
      case K.NonNullExpression:
      case K.TypeAssertionExpression:
        x = (x as ts.ParenthesizedExpression).expression;
        break;
      default:
        return x;
    }
  }
}

export function hasModifier(n: ts.Node, kind: ts.SyntaxKind): boolean {
  const { modifiers } = n as { readonly modifiers?: readonly ts.ModifierLike[] };
  if (modifiers === undefined) return false;
  for (const m of modifiers) if (m.kind === kind) return true;
  return false;
}

/**
 * Offset of the node's first own character, as `node.getStart(source)` gives it: that one asks about JSDoc, JSX and missing
 * nodes first. Here blanks are skipped, and only where a comment or a merge marker may follow TypeScript is asked.
 */
export function startOf(node: ts.Node, text: string, source: ts.SourceFile): number {
  let at = node.pos;
  if (at < 0 || at === node.end) return at;
  for (;;) {
    const c = text.charCodeAt(at);
    if (c === 32 || c === 10 || c === 13 || c === 9) at++;
    // Comments and merge markers begin with these, a shebang with `#`; behind ASCII there are further blanks.
    else if (c === 47 || c === 60 || c === 62 || c === 61 || c === 124 || c === 35 || c < 32 || c > 126) return node.getStart(source);
    else return at;
  }
}
