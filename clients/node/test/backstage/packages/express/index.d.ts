// @types/express 4.17: what is used of it.
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Request extends IncomingMessage {}
export interface Response extends ServerResponse {}
export type NextFunction = (error?: any) => void;
export type Handler = (req: Request, res: Response, next: NextFunction) => void;
