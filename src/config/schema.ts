/** One schema for `rescue.config.json` and for the settings `vibeCodeRescue.*`: types, JSON schema and messages come from it. */
import { z } from 'zod';
import type { RuleMeta } from '../engine/core/rule';
import { SEVERITIES } from '../engine/core/types';

export const CONFIG_FILE = 'rescue.config.json';
export const SETTINGS_SECTION = 'vibeCodeRescue';
export const SEVERITY_CHOICES = [...SEVERITIES, 'off'] as const;

const name = z.string().trim().min(1);

export const severityChoice = z.enum(SEVERITY_CHOICES);

/** The words of the project's own: checks here, texts for editors. */
const words = {
  guards: z.array(name).meta({ description: 'Your own guards that cannot be recognised by reading them: `requireUser`, or `src/auth.ts#requireUser` for one of several of that name.' }),
  validators: z.array(name).meta({ description: 'Your own validators: functions that check request data and end the request when it is wrong.' }),
  publicRoutes: z
    .array(z.string().regex(/^([A-Z]+ )?\/\S*$/, 'a path such as /status, or POST /newsletter'))
    .meta({ description: 'Endpoints that are public on purpose: `/status`, `POST /newsletter`, `/blog/**` (`*` within a segment, `**` across).' }),
  tenantKey: z.union([name, z.null()]).meta({ description: 'The column that says whose data a row is, for instance `org_id`.' }),
};

export const ignoreEntry = z.strictObject({
  rule: name.meta({ description: 'A rule id, or `*` for all.' }),
  path: name.meta({ description: 'A file or a pattern: `src/generated/**`.' }),
  reason: name.meta({ description: 'Why. Required: it stands in the report.' }),
});

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  severities: z.record(z.string(), severityChoice).optional().meta({ description: 'Another severity for a rule, or `off`.' }),
  ignore: z.array(ignoreEntry).optional().meta({ description: 'Findings to ignore, with the reason. Prefer a comment next to the code where the language has comments.' }),
  guards: words.guards.optional(),
  validators: words.validators.optional(),
  publicRoutes: words.publicRoutes.optional(),
  tenantKey: words.tenantKey.optional(),
});

export type RescueConfig = z.infer<typeof configSchema>;

/** The settings by their keys below `vibeCodeRescue.`, without those of single rules (`rules.<rule id>`). All resource-scoped. */
export const settingsSchema = z.strictObject({
  enable: z.boolean().default(true).meta({ description: 'Show findings while you type.' }),
  'codeLens.enable': z.boolean().default(true).meta({ description: 'Show above each endpoint who may call it.' }),
  'problems.scope': z.enum(['openFiles', 'workspace']).default('openFiles').meta({ description: 'Show the findings of open files only, or of the whole workspace, in the Problems panel.' }),
  'problems.minimumSeverity': z.enum(SEVERITIES).default('info').meta({ description: 'Least severity that is underlined. The audit always shows all.' }),
});

export type SettingKey = keyof z.infer<typeof settingsSchema>;

type Metas = readonly RuleMeta<string>[];

function sorted(metas: Metas): Metas {
  return [...metas].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** `rescue.config.schema.json`: one property per rule, so that editors complete and check ids. */
export function configJsonSchema(metas: Metas): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' }) as Record<string, unknown> & { properties: Record<string, Record<string, unknown>> };
  const { $schema, properties, ...rest } = schema;
  const severities = Object.fromEntries(
    sorted(metas).map((meta) => [meta.id, { type: 'string', enum: [...SEVERITY_CHOICES], default: meta.severity, description: `${meta.title}. ${meta.businessImpact}` }]),
  );
  return {
    $schema,
    title: CONFIG_FILE,
    ...rest,
    properties: {
      ...properties,
      severities: { type: 'object', description: properties['severities']?.['description'], properties: severities, additionalProperties: false },
    },
  };
}

/** `contributes.configuration` of package.json. */
export function settingsContribution(metas: Metas): readonly { readonly title: string; readonly properties: Readonly<Record<string, unknown>> }[] {
  const schema = z.toJSONSchema(settingsSchema, { target: 'draft-7', io: 'input' }) as { properties: Record<string, Record<string, unknown>> };
  const properties: Record<string, unknown> = {};
  for (const [key, { description, ...property }] of Object.entries(schema.properties)) {
    properties[`${SETTINGS_SECTION}.${key}`] = { ...property, scope: 'resource', markdownDescription: description };
  }
  properties[`${SETTINGS_SECTION}.trace.server`] = { type: 'string', enum: ['off', 'messages', 'verbose'], default: 'off', scope: 'window', description: 'Log what editor and analysis say to each other. Secrets are never in it.' };
  const rules: Record<string, unknown> = {};
  for (const meta of sorted(metas)) {
    rules[`${SETTINGS_SECTION}.rules.${meta.id}`] = {
      type: 'string', enum: ['default', ...SEVERITY_CHOICES], default: 'default', scope: 'resource',
      markdownDescription: `${meta.title}. ${meta.businessImpact} Default: ${meta.severity}.`,
    };
  }
  return [
    { title: 'Vibe Code Rescue', properties },
    { title: 'Rules', properties: rules },
  ];
}
