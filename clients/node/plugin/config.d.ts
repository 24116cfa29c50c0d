export interface Config {
  runner?: {
    agent?: {
      /**
       * The socket of runner-agent. By default the one where the agent of the backend's own user listens.
       * @visibility backend
       */
      socket?: string;
      /**
       * How long a call may take before it is answered with 503; default 15.
       * @visibility backend
       */
      timeoutSeconds?: number;
    };
    streams?: {
      /**
       * A stream is cut off after that long, so that its reader asks again with credentials of now; default 3600.
       * @visibility backend
       */
      maxSeconds?: number;
    };
  };
}
