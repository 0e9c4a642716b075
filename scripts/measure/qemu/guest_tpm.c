/*
 * The guest's caller of the vTPM: one call after the other through /dev/tpm0, TPM 2.0 commands made by hand (Trusted
 * Platform Module Library, Family 2.0, parts 2 and 3).
 *
 *   vtpm=extend   TPM2_PCR_Extend of PCR 16, the one that any software may use; call N extends by N (8 bytes, the
 * higher first, then zeros). Each TPM_READ_EACH-th call is a TPM2_PCR_Read instead: whoever knows how many calls there
 * were knows what it must give vtpm=quote    TPM2_Quote of PCR 16 by an ECC key that TPM2_CreatePrimary made at the
 * beginning and that stays in the TPM interval=MS   a call each MS milliseconds by the guest's clock, without catching
 * up; 0: back to back
 *
 * It says on the second serial port, in microseconds of the guest's clock:
 *
 *   i N US        call N is issued. Written out before the TPM is asked
 *   a N US CODE   it was answered, with a response code in hexadecimal, 0 when all is well; E and an errno when the
 * kernel gave no response, so that nobody knows whether the TPM has carried it out r N HEX       what TPM2_PCR_Read
 * gave, of the bank of SHA-256
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define DEVICE       "/dev/tpm0"
#define PORT         "/dev/ttyS1"
#define FIND_US      10000
#define FIND_TRYS    1000 /* chosen: ten seconds until the driver has found its device */
#define MESSAGE_MAX  1024
#define HEADER_BYTES 10 /* tag, size, command or response code: part 1, 18 */
#define DIGEST_BYTES 32
#define NO_RESPONSE  UINT32_MAX
#define READ_EACH    16 /* as in measure_vtpm.py */

/* Part 2, 6.5.2, 6.9, 7.4, 6.3, 6.4. */
enum {
    ST_NO_SESSIONS = 0x8001,
    ST_SESSIONS = 0x8002,
    CC_CREATE_PRIMARY = 0x131,
    CC_QUOTE = 0x158,
    CC_PCR_READ = 0x17e,
    CC_PCR_EXTEND = 0x182,
    RH_OWNER = 0x40000001,
    RS_PW = 0x40000009,
    ALG_SHA256 = 0x0b,
    ALG_NULL = 0x10,
    ALG_ECDSA = 0x18,
    ALG_ECC = 0x23,
    ECC_NIST_P256 = 3,
    PCR = 16,
};

/* Part 2, 8.3: of the TPM, made in it, used without a policy, signs only what the TPM itself has made. */
enum { KEY_ATTRIBUTES = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 16 | 1 << 18 };

typedef struct {
    uint8_t bytes[MESSAGE_MAX];
    size_t n;
} Message;

static int device, port;

static void
put(Message *message, uint64_t value, size_t bytes)
{
    for (size_t i = bytes; i-- > 0;)
        message->bytes[message->n++] = (uint8_t)(value >> 8 * i);
}

static uint32_t
take_32(const Message *message, size_t at)
{
    const uint8_t *byte = message->bytes + at;
    return (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
}

static void
put_header(Message *message, uint16_t tag, uint32_t command)
{
    message->n = 0;
    put(message, tag, 2);
    put(message, 0, 4); /* the size, once it is known */
    put(message, command, 4);
}

/* The authorization of a handle whose password is empty: part 1, 19.4. */
static void
put_empty_password(Message *message)
{
    put(message, 9, 4);
    put(message, RS_PW, 4);
    put(message, 0, 2 + 1 + 2); /* no nonce, no attributes, no password */
}

/* TPML_PCR_SELECTION of the one PCR in the bank of SHA-256. */
static void
put_selection(Message *message)
{
    put(message, 1, 4);
    put(message, ALG_SHA256, 2);
    put(message, 3, 1);
    put(message, 1u << (PCR % 8), 3); /* the third byte has PCRs 16 to 23 */
}

/* Returns the response code; the message is the response afterwards. No response: NO_RESPONSE, and errno. */
static uint32_t
ask(Message *message)
{
    errno = 0;
    for (size_t i = 0; i < 4; i++)
        message->bytes[2 + i] = (uint8_t)(message->n >> 8 * (3 - i));
    if (write(device, message->bytes, message->n) != (ssize_t)message->n)
        return NO_RESPONSE;
    const ssize_t got = read(device, message->bytes, sizeof message->bytes);
    message->n = got > 0 ? (size_t)got : 0;
    return got >= HEADER_BYTES ? take_32(message, 6) : NO_RESPONSE;
}

/* Returns its handle. */
static uint32_t
make_key(void)
{
    Message message;

    put_header(&message, ST_SESSIONS, CC_CREATE_PRIMARY);
    put(&message, RH_OWNER, 4);
    put_empty_password(&message);
    put(&message, 4, 2); /* TPM2B_SENSITIVE_CREATE: no password, no data */
    put(&message, 0, 4);
    put(&message, 24, 2); /* TPM2B_PUBLIC, up to `unique` */
    put(&message, ALG_ECC, 2);
    put(&message, ALG_SHA256, 2);
    put(&message, KEY_ATTRIBUTES, 4);
    put(&message, 0, 2);        /* no policy */
    put(&message, ALG_NULL, 2); /* no symmetric cipher */
    put(&message, ALG_ECDSA, 2);
    put(&message, ALG_SHA256, 2);
    put(&message, ECC_NIST_P256, 2);
    put(&message, ALG_NULL, 2); /* no key derivation */
    put(&message, 0, 4);        /* unique: the TPM chooses both coordinates */
    put(&message, 0, 2);        /* no outside information */
    put(&message, 0, 4);        /* no PCRs of its creation */
    if (ask(&message) != 0)
        guest_hang("the TPM makes no key");
    return take_32(&message, HEADER_BYTES);
}

static void
put_extend(Message *message, uint64_t number)
{
    put_header(message, ST_SESSIONS, CC_PCR_EXTEND);
    put(message, PCR, 4);
    put_empty_password(message);
    put(message, 1, 4); /* one digest */
    put(message, ALG_SHA256, 2);
    put(message, number, 8);
    for (int i = 0; i < 3; i++)
        put(message, 0, 8);
}

static void
put_read(Message *message)
{
    put_header(message, ST_NO_SESSIONS, CC_PCR_READ);
    put_selection(message);
}

static void
put_quote(Message *message, uint32_t key, uint64_t number)
{
    put_header(message, ST_SESSIONS, CC_QUOTE);
    put(message, key, 4);
    put_empty_password(message);
    put(message, 8, 2); /* the challenge */
    put(message, number, 8);
    put(message, ALG_NULL, 2); /* the key's own scheme */
    put_selection(message);
}

static void
say(const char *line, int bytes)
{
    if (write(port, line, (size_t)bytes) != bytes)
        guest_hang("its serial port takes no lines");
}

static unsigned long long
clock_us(void)
{
    return (unsigned long long)(1e6 * guest_clock_s());
}

/* The PCR's value ends the response: part 3, 22.4. */
static void
say_value(uint64_t number, const Message *response)
{
    char line[32 + 2 * DIGEST_BYTES];
    int n = snprintf(line, sizeof line, "r %llu ", (unsigned long long)number);

    if (response->n < HEADER_BYTES + DIGEST_BYTES)
        return;
    for (size_t i = response->n - DIGEST_BYTES; i < response->n; i++)
        n += snprintf(line + n, sizeof line - (size_t)n, "%02x", response->bytes[i]);
    line[n++] = '\n';
    say(line, n);
}

static void
call(uint64_t number, Message *message)
{
    char line[64];

    say(line, snprintf(line, sizeof line, "i %llu %llu\n", (unsigned long long)number, clock_us()));
    tcdrain(port);
    const uint32_t code = ask(message);
    const int error = errno;
    say(line, snprintf(line, sizeof line, code == NO_RESPONSE ? "a %llu %llu E%u\n" : "a %llu %llu %x\n",
                       (unsigned long long)number, clock_us(), code == NO_RESPONSE ? (unsigned)error : code));
}

static int
find(const char *path, const char *complaint)
{
    for (int i = 0; i < FIND_TRYS; i++) {
        const int file = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (file >= 0)
            return file;
        usleep(FIND_US);
    }
    guest_hang(complaint);
}

static void
open_devices(void)
{
    struct termios raw;

    mkdir("/dev", 0755);
    mount("none", "/dev", "devtmpfs", 0, NULL); /* or the kernel has done it */
    device = find(DEVICE, "there is no " DEVICE);
    port = find(PORT, "there is no " PORT);
    if (tcgetattr(port, &raw) != 0)
        guest_hang("its serial port is none");
    cfmakeraw(&raw);
    cfsetspeed(&raw, B115200);
    tcsetattr(port, TCSANOW, &raw);
}

static void
wait_for(double *due_s, double interval_s)
{
    const double now_s = guest_clock_s();

    *due_s += interval_s;
    if (*due_s <= now_s)
        *due_s = now_s;
    else
        usleep((useconds_t)(1e6 * (*due_s - now_s)));
}

void
call_tpm(int ready)
{
    const int quote = strcmp(guest_word("vtpm", "extend"), "quote") == 0;
    const double interval_s = 1e-3 * (double)guest_input("interval", 0);

    open_devices();
    const uint32_t key = quote ? make_key() : 0;
    guest_say_ready(ready);
    double due_s = guest_clock_s();
    for (uint64_t number = 0;; number++) {
        Message message;
        const int reads = !quote && number % READ_EACH == READ_EACH - 1;
        if (quote)
            put_quote(&message, key, number);
        else if (reads)
            put_read(&message);
        else
            put_extend(&message, number);
        call(number, &message);
        if (reads)
            say_value(number, &message);
        wait_for(&due_s, interval_s);
    }
}
