#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <zlib.h>

// `inflateInit2` is a macro that Swift does not import. 15 + 16: the largest window, gzip wrapping only
// (zlib.h, "inflateInit2"), so zlib checks each member's header, CRC-32 and length itself.
static inline int CZlib_inflateInitGzip(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}

#endif
