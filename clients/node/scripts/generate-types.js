#!/usr/bin/env node
'use strict';

// Writes protocol.d.ts from Protocol/schema and Protocol/openrpc.json.
//
//   scripts/generate-types.js            writes it
//   scripts/generate-types.js --check    status 1 when it is not what would be written

const fs = require('node:fs');
const path = require('node:path');

const protocol = path.resolve(__dirname, '../../../Protocol');
const output = path.resolve(__dirname, '../protocol.d.ts');
const read = (file) => JSON.parse(fs.readFileSync(path.join(protocol, file), 'utf8'));

/** Names that would say something else in TypeScript, or that are said better. */
const NAMES = {
  Record: 'LogRecord',
  'cancelRequest.params': 'CancelRequestParams',
  'progress.params': 'ProgressParams',
};
/** Members beyond those that are named carry facts. */
const OPEN = new Set(['Failure']);
/** Parts of a schema that deserve a name of their own. */
const PARTS = {
  'Instance#/properties/status': 'InstanceStatus',
  'Instance#/properties/phase': 'StartPhase',
  'Instance#/properties/health': 'Health',
  'Instance#/properties/source': 'InstanceSource',
  'Instance#/properties/endpoints/items': 'Endpoint',
  'Record#/oneOf/0': 'LogLine',
  'Record#/oneOf/1': 'LogGap',
  'Record#/oneOf/0/properties/stream': 'LogStreamName',
  'Record#/oneOf/0/properties/phase': 'LogPhase',
  'runner.start.params#/properties/source': 'Source',
  'runner.validate.params#/properties/source': 'Source',
  'runner.logs.result#/oneOf/0': 'LogPage',
  'runner.logs.result#/oneOf/1': 'LogSubscription',
  'progress.params#/properties/value': 'Progress',
};

const capitalised = (word) => word[0].toUpperCase() + word.slice(1);

function nameOf(schema) {
  if (NAMES[schema]) return NAMES[schema];
  return schema.replace(/^runner\./, '').split('.').map(capitalised).join('');
}

function comment(schema, indent) {
  const facts = [];
  if (schema.description) facts.push(schema.description);
  if (schema.default !== undefined) facts.push(`Default \`${JSON.stringify(schema.default)}\`.`);
  return facts.length ? `${indent}/** ${facts.join(' ').replaceAll('*/', '* /')} */\n` : '';
}

const quoted = (value) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value));
const property = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name));

/** Whether the parts say only which members must be there. */
const isRequirement = (parts) => parts.every((part) => Object.keys(part).join() === 'required');

/** The names of enumerations that are parts, by their values: they are used wherever these values are. */
const enumerations = new Map(Object.entries(PARTS).map(([place, name]) => {
  const [file, pointer] = place.split('#/');
  const part = pointer.split('/').reduce((schema, key) => schema[key], read(`schema/${file}.json`));
  return [part.enum?.join(), name];
}));
const declared = new Set();

/** The types of one schema file; parts with a name are written before it. */
class Writer {
  #parts = [];

  constructor(file) {
    this.file = file;
    this.isParams = file.endsWith('.params');
  }

  declarations(schema) {
    const main = this.#declaration(nameOf(this.file), schema, `${this.file}#`);
    return [...this.#parts, main].join('\n');
  }

  #declaration(name, schema, place) {
    declared.add(name);
    const type = schema.enum ? schema.enum.map(quoted).join(' | ') : this.#shape(schema, place, '');
    const isInterface = /^\{\n[^]*\n\}$/.test(type) && schema.type === 'object' && !requirement(schema);
    return comment(schema, '') + (isInterface ? `export interface ${name} ${type}\n` : `export type ${name} = ${type};\n`);
  }

  /** The type of a schema at a place; one that has a name is declared and named. */
  #type(schema, place, indent) {
    const name = PARTS[place];
    if (!name) return this.#shape(schema, place, indent);
    if (!declared.has(name)) this.#parts.push(this.#declaration(name, schema, place));
    return name;
  }

  #shape(schema, place, indent) {
    if (schema.$ref) return nameOf(schema.$ref.replace(/\.json$/, ''));
    if (schema.allOf) return schema.allOf.map((part, i) => this.#type(part, `${place}/allOf/${i}`, indent)).join(' & ');
    if ('const' in schema) return quoted(schema.const);
    if (schema.enum) return enumerations.get(schema.enum.join()) ?? schema.enum.map(quoted).join(' | ');
    if (schema.oneOf && !isRequirement(schema.oneOf)) {
      return schema.oneOf.map((part, i) => this.#type(part, `${place}/oneOf/${i}`, indent)).join(' | ');
    }
    const types = [schema.type ?? 'unknown'].flat().map((type) => this.#simple(type, schema, place, indent));
    return [...new Set(types)].join(' | ') + this.#required(schema, place);
  }

  #simple(type, schema, place, indent) {
    switch (type) {
      case 'integer': return 'number';
      case 'array': {
        const item = this.#type(schema.items ?? {}, `${place}/items`, indent);
        return /[|&]/.test(item) ? `Array<${item}>` : `${item}[]`;
      }
      case 'object': return this.#object(schema, place, indent);
      default: return type; // string, number, boolean, null, unknown
    }
  }

  #object(schema, place, indent) {
    const inner = `${indent}  `;
    const required = new Set(schema.required ?? []);
    const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
      const type = this.#type(member, `${place}/properties/${name}`, inner);
      return `${comment(member, inner)}${inner}${property(name)}${required.has(name) ? '' : '?'}: ${type};\n`;
    });
    const others = schema.additionalProperties;
    if (typeof others === 'object') {
      members.push(`${inner}[name: string]: ${this.#type(others, `${place}/additionalProperties`, inner)};\n`);
    } else if (OPEN.has(this.file) && indent === '') {
      members.push(`${inner}[name: string]: unknown;\n`);
    }
    // An interface of the caller's has no index signature, so what is sent may be any object.
    if (members.length === 0) return this.isParams ? 'object' : '{ [name: string]: unknown }';
    return `{\n${members.join('')}${indent}}`;
  }

  /** ` & (...)` for a schema that needs one of some members. */
  #required(schema, place) {
    const parts = requirement(schema)?.map(({ required: [name] }) =>
      `{ ${property(name)}: ${this.#type(schema.properties[name], `${place}/properties/${name}`, '')} }`);
    return parts ? ` & (${parts.join(' | ')})` : '';
  }
}

function requirement({ anyOf, oneOf }) {
  return [anyOf, oneOf].find((parts) => parts && isRequirement(parts));
}

function generate() {
  // The component's configuration is a file of its repository, not a part of the wire.
  const files = fs.readdirSync(path.join(protocol, 'schema')).map((name) => path.basename(name, '.json'))
    .filter((name) => name !== 'component-config').sort();
  const openrpc = read('openrpc.json');
  const codes = Object.keys(openrpc.components.errors).filter((code) => openrpc.components.errors[code].data?.code);
  const methods = openrpc.methods.filter((method) => method.result);
  const stem = (name) => name.replace('$/', '').replace('/', '.');
  const rows = (entries, row) => entries.map((entry) => `  '${entry.name}': ${row(entry)};\n`).join('');
  const isOptional = ({ name, params }) =>
    params.every(({ required }) => !required) && !requirement(read(`schema/${stem(name)}.params.json`));
  return [
    '// Written by scripts/generate-types.js from Protocol/schema and Protocol/openrpc.json; not by hand.\n',
    ...files.map((file) => new Writer(file).declarations(read(`schema/${file}.json`))),
    '/** What the calls of the protocol take and give, by name. */\n' +
      `export interface Methods {\n${rows(methods, (method) => {
        const [params, result] = ['params', 'result'].map((part) => nameOf(`${stem(method.name)}.${part}`));
        return `{ params: ${params}${isOptional(method) ? ' | undefined' : ''}; result: ${result} }`;
      })}}\n`,
    '/** What the agent sends of itself. */\n' +
      `export interface Notifications {\n${rows(openrpc['x-notifications'], ({ name }) => nameOf(`${stem(name)}.params`))}}\n`,
    '/** The codes that errors of the agent carry; expect others of later agents. */\n' +
      `export type ErrorCode =\n${codes.map((code) => `  | '${code}'`).join('\n')};\n`,
  ].join('\n');
}

const text = generate();
if (process.argv[2] === '--check') {
  if (!fs.existsSync(output) || fs.readFileSync(output, 'utf8') !== text) {
    console.error('clients/node/protocol.d.ts is not what Protocol/ says: run clients/node/scripts/generate-types.js');
    process.exit(1);
  }
} else {
  fs.writeFileSync(output, text);
}
