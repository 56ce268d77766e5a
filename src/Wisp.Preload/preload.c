/*
 * wisp-preload.so, loaded into every VMM.
 *
 * QEMU lets guest RAM be one file, which it opens for writing. Wisp's RAM is a stack of files that many machines share and none may
 * write to, put together when a VMM is given its guest, which may be long after it was started. So this library stands between QEMU and
 * three calls, for the paths below only; everything else passes through untouched. It is C because it lives inside somebody else's
 * process: it must bring no runtime, no thread, no signal handler.
 *
 *   /wisp/ram            guest RAM: private, anonymous, zero until something is attached
 *   /wisp/console        where the guest's console goes: nowhere until something is attached
 *   /wisp/fd/FD          what an attachment has put at that number
 *   /wisp/attach/FD      takes a message with descriptors from the socket FD, lays RAM onto the files, and puts the others in their places
 *   /wisp/track          watches what is written to RAM from now on (pages are write-protected by whoever scans the pagemap)
 *   /wisp/untrack        ends that
 *
 * The last three are verbs: opening them fails with EALREADY when they have been carried out, with the reason otherwise. They are
 * opened by QMP's object-add, whose answer carries that error's text. Wisp.Machines (Qemu/Attachment.cs) is the other side.
 *
 * QEMU's other threads open and map files too, and come through here. They only read what is set below; it is written by the main
 * thread alone, which makes RAM before the others have work, and carries out the verbs one after the other.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif
/* Linux 6.7: what was write-protected becomes writable again by itself, and the pagemap tells. Older headers lack it. */
#define WP_ASYNC (1 << 15)

#define MAGIC 0x31505357 /* "WSP1" */
#define PLACES 8
#define CONSOLE (-1)     /* wherever the console was opened */
#define TAP 100          /* where wisp-jail puts the tap that a VMM is born with */
#define MOST_FILES 253   /* SCM_MAX_FD */
#define ABOVE 512        /* no place is up here */

struct message { uint32_t magic, layers, placed, reserved; int32_t places[PLACES]; };
struct run { uint64_t address, length, offset; uint32_t layer, reserved; };
struct answer { uint64_t address, size; };

static int born_tap = -1, ram_file = -1, console = -1, watcher = -1, laid;
static char *ram;
static size_t ram_size;

static int fail(int reason)
{
    errno = reason;
    return -1;
}

/* An int given to syscall is half a register or half a stack slot; the kernel looks at all of it. */
static void *map(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    return (void *)syscall(SYS_mmap, address, length, (long)protection, (long)flags, (long)file, offset);
}

/*
 * What no layer has is zero. A machine that has run and is laid onto its own capture gives that back, too: pages that it once wrote, and
 * that are zero again. Where it fails the page stays, which is as good.
 */
static void forget(uint64_t from, uint64_t to)
{
    if (laid && from < to && to <= ram_size)
        map(ram + from, to - from, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
}

/* Runs come in the order of their addresses. */
static int map_runs(int table, const int *layers, uint32_t count)
{
    struct run runs[128];
    uint64_t end = 0;
    off_t at = 0;
    ssize_t got;
    while ((got = pread(table, runs, sizeof runs, at)) > 0) {
        if (got % sizeof *runs)
            return fail(EINVAL);
        for (size_t i = 0; i < got / sizeof *runs; i++) {
            struct run *r = &runs[i];
            if (r->layer >= count || r->address > ram_size || r->length > ram_size - r->address)
                return fail(EINVAL);
            if (map(ram + r->address, r->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, layers[r->layer], r->offset)
                == MAP_FAILED)
                return -1;
            forget(end, r->address);
            end = r->address + r->length;
        }
        at += got;
    }
    if (got < 0)
        return -1;
    if (at)
        forget(end, ram_size);
    laid = 1;
    return 0;
}

static int place(const struct message *message, int *files)
{
    /* One may have come in at the number that is another's place: first all go where no place is. */
    for (uint32_t i = 0; i < message->placed; i++) {
        int high = fcntl(files[i], F_DUPFD_CLOEXEC, ABOVE);
        if (high < 0)
            return -1;
        close(files[i]);
        files[i] = high;
    }
    for (uint32_t i = 0; i < message->placed; i++) {
        /* The tap that it was born with stays open, unused: closing the last descriptor of one takes the kernel tens of milliseconds. */
        if (message->places[i] == TAP && born_tap < 0)
            born_tap = fcntl(TAP, F_DUPFD_CLOEXEC, ABOVE);
        if (dup2(files[i], message->places[i] == CONSOLE ? console : message->places[i]) < 0)
            return -1;
    }
    return 0;
}

static int attach(int from)
{
    struct message message = { 0 };
    union { struct cmsghdr aligned; char bytes[CMSG_SPACE(sizeof(int) * MOST_FILES)]; } control;
    struct iovec data = { &message, sizeof message };
    struct msghdr head = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes };
    /* It has been sent before the verb. Were it not there, waiting for it would stop all of QEMU. */
    ssize_t got = recvmsg(from, &head, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (got < 0)
        return -1;

    struct cmsghdr *rights = CMSG_FIRSTHDR(&head);
    int files[MOST_FILES];
    size_t count = 0;
    if (rights && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS) {
        count = (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(files, CMSG_DATA(rights), count * sizeof(int));
    }

    int result;
    size_t mapped = 0;
    if (got != sizeof message || head.msg_flags & (MSG_TRUNC | MSG_CTRUNC) || message.magic != MAGIC || !ram
        || message.placed > PLACES || count != 1 + (size_t)message.layers + message.placed)
        result = fail(EPROTO);
    else if (!(result = map_runs(files[0], files + 1, message.layers))) {
        /* Mappings hold their files. Closed now: their numbers may be places, too. */
        for (; mapped < 1 + message.layers; mapped++)
            close(files[mapped]);
        result = place(&message, files + mapped);
    }

    struct answer answer = { (uint64_t)(uintptr_t)ram, ram_size };
    if (!result && send(from, &answer, sizeof answer, MSG_NOSIGNAL | MSG_DONTWAIT) != sizeof answer)
        result = -1;

    int reason = errno;
    for (size_t i = mapped; i < count; i++)
        close(files[i]);
    errno = reason;
    return result;
}

static int track(void)
{
    if (!ram)
        return fail(EPROTO);
    watcher = syscall(SYS_userfaultfd, (long)(O_CLOEXEC | UFFD_USER_MODE_ONLY));
    if (watcher < 0)
        return -1;
    struct uffdio_api api = { .api = UFFD_API, .features = WP_ASYNC };
    struct uffdio_register range = { .range = { (uint64_t)(uintptr_t)ram, ram_size }, .mode = UFFDIO_REGISTER_MODE_WP };
    if (!ioctl(watcher, UFFDIO_API, &api) && !ioctl(watcher, UFFDIO_REGISTER, &range))
        return 0;
    int reason = errno;
    close(watcher);
    watcher = -1;
    return fail(reason);
}

/* Closing it unprotects everything. */
static int untrack(void)
{
    int result = close(watcher);
    watcher = -1;
    return result;
}

/*
 * Makes the table of descriptors as large as it will ever be, while there is one thread: growing it later, with other threads about, the
 * kernel waits until none of them can still be looking at the old one (synchronize_rcu), which takes ten milliseconds of a restore.
 */
__attribute__((constructor)) static void make_room(void)
{
    int highest = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, ABOVE + 2 * PLACES);
    if (highest >= 0)
        close(highest);
}

static int verb(int result)
{
    return result ? -1 : fail(EALREADY);
}

static int pass(const char *path, int flags, mode_t mode)
{
    return syscall(SYS_openat, (long)AT_FDCWD, path, (long)flags, (long)mode);
}

static int open_path(const char *path, int flags, mode_t mode)
{
    if (strncmp(path, "/wisp/", 6))
        return pass(path, flags, mode);
    path += 6;
    if (!strcmp(path, "ram"))
        return ram ? fail(EBUSY) : (ram_file = memfd_create("wisp-ram", MFD_CLOEXEC));
    if (!strcmp(path, "console"))
        return console = pass("/dev/null", O_WRONLY | O_CLOEXEC, 0);
    if (!strncmp(path, "fd/", 3))
        return fcntl(atoi(path + 3), F_DUPFD_CLOEXEC, 0);
    if (!strncmp(path, "attach/", 7))
        return verb(attach(atoi(path + 7)));
    if (!strcmp(path, "track"))
        return verb(watcher >= 0 ? 0 : track());
    if (!strcmp(path, "untrack"))
        return verb(watcher < 0 ? 0 : untrack());
    return fail(ENOENT);
}

int open64(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    return open_path(path, flags, mode);
}

int __open64_2(const char *path, int flags)
{
    return open_path(path, flags, 0);
}

void *mmap64(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    if (file < 0 || file != ram_file || !(flags & MAP_FIXED))
        return map(address, length, protection, flags, file, offset);

    /* A huge page for each page that a clone touches would cost it 500 times the memory. */
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    void *mapped = map(address, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED)
        return mapped;
    ram = mapped;
    ram_size = length;
    /* Once: were QEMU to close it, another file could get its number. */
    ram_file = -1;
    return mapped;
}
