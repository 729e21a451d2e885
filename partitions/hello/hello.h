/* SPDX-License-Identifier: BSD-3-Clause */
/* What the greeting partitions and whoever talks to them agree on. */
#ifndef PARTITIONS_HELLO_HELLO_H
#define PARTITIONS_HELLO_HELLO_H

#define HELLO_REQUEST 0x6F6C6C65U /* x3 (REQ2: x4): "hello" without its h */
#define HELLO_ANSWER 0x68616C6FU

/*
 * Request: x3 = HELLO_REQUEST, x4 = index of the PE it comes from (REQ2: x4 and x5).
 * Answer:  x3 = HELLO_ANSWER, x4 = PE index of the request, x5 = context << 16 | messages served so far,
 *          x6 = own ID, x7 = x3 of the request inverted.
 * REQ2:    x4 = HELLO_ANSWER, x5 and x6 as x4 and x5 above, x7-x17 a sentence, NUL-padded.
 */

#endif
