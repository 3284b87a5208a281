const filename = { type: 'string', description: 'Up to 255 bytes, in NFC', examples: ['notes.txt'] } as const;
const url = { type: 'string', format: 'uri', description: 'Absolute, as the client sees the server' } as const;
const stored = { type: 'object', required: ['filename', 'url'], properties: { filename, url } } as const;
const binary = { type: 'string', format: 'binary' } as const;
const params = { type: 'object', properties: { name: filename } } as const;
const page = { type: 'string', description: 'HTML' } as const;

export const rootSchema = {
  summary: 'Leads to /upload',
  response: { 302: { description: 'To /upload', type: 'null' } },
} as const;

export const pageSchema = {
  summary: 'The page: a form and the list of files',
  response: { 200: { description: 'HTML', content: { 'text/html': { schema: page } } } },
} as const;

export const formSchema = {
  summary: 'Uploads one file of a form',
  response: {
    201: { description: 'Stored, where JSON is asked for', ...stored },
    303: { description: 'Stored; to /upload', type: 'null' },
  },
} as const;

export const formBody = {
  consumes: ['multipart/form-data'],
  schema: { type: 'object', required: ['file'], properties: { file: binary } },
} as const;

export const rawSchema = {
  summary: 'Uploads the bytes of a file, under any content type',
  params,
  response: { 201: { description: 'Stored', ...stored } },
} as const;

export const rawBody = { consumes: ['application/octet-stream'], schema: binary } as const;

export const listSchema = {
  summary: 'All files, by name',
  response: { 200: { description: 'The files', type: 'array', items: stored } },
} as const;

export const downloadSchema = {
  summary: 'A file, as an attachment; knows ranges and conditions',
  params,
  response: {
    200: { description: 'Its bytes', content: { 'application/octet-stream': { schema: binary } } },
    206: { description: 'A part of them', content: { 'application/octet-stream': { schema: binary } } },
    304: { description: 'What the client has is current', type: 'null' },
  },
} as const;
