/* Inflates a gzip file with zlib and drops what comes out: what any reader of an archive pays at least.
 *
 *     inflate FILE
 */
#include <stdio.h>
#include <zlib.h>

static unsigned char in[256 << 10], out[256 << 10];

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    z_stream stream = {0};
    if (!file || inflateInit2(&stream, 15 + 16) != Z_OK)
        return 2;
    int status = Z_OK;
    while ((stream.avail_in = (uInt)fread(in, 1, sizeof in, file)) > 0) {
        stream.next_in = in;
        do {
            stream.next_out = out;
            stream.avail_out = sizeof out;
            status = inflate(&stream, Z_NO_FLUSH);
            if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
                return 1;
        } while (stream.avail_out == 0);
    }
    return status == Z_STREAM_END ? 0 : 1;
}
