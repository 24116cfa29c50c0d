// @types/node: what is used of it. None is packaged here.
declare module 'node:http' {
  export interface IncomingMessage {
    headers: { [name: string]: string | undefined };
    method?: string;
    url?: string;
  }
  export interface ServerResponse {
    statusCode: number;
  }
}
