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
#define MOST_FILES 250   /* SCM_MAX_FD is 253 */

struct message { uint32_t magic, layers, placed, reserved; int32_t places[PLACES]; };
struct run { uint64_t address, length, offset; uint32_t layer, reserved; };
struct answer { uint64_t address, size; };

static int ram_file = -1, console = -1, watcher = -1;
static char *ram;
static size_t ram_size;

static int map_runs(int table, const int *layers, uint32_t count)
{
    struct run runs[128];
    off_t at = 0;
    ssize_t got;
    while ((got = pread(table, runs, sizeof runs, at)) > 0) {
        for (size_t i = 0; i < got / sizeof *runs; i++) {
            struct run *r = &runs[i];
            if (r->layer >= count || r->address > ram_size || r->length > ram_size - r->address)
                return errno = EINVAL, -1;
            if (syscall(SYS_mmap, ram + r->address, r->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE,
                        layers[r->layer], r->offset) == -1)
                return -1;
        }
        at += got;
    }
    return got < 0 ? -1 : 0;
}

static int attach(int from)
{
    struct message message;
    char control[CMSG_SPACE(sizeof(int) * (MOST_FILES))];
    struct iovec data = { &message, sizeof message };
    struct msghdr head = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
    if (recvmsg(from, &head, MSG_CMSG_CLOEXEC) != sizeof message)
        return errno = EPROTO, -1;

    struct cmsghdr *rights = CMSG_FIRSTHDR(&head);
    int files[MOST_FILES];
    size_t count = 0;
    if (rights && rights->cmsg_type == SCM_RIGHTS) {
        count = (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(files, CMSG_DATA(rights), count * sizeof(int));
    }

    int result = -1;
    if (message.magic != MAGIC || !ram || message.placed > PLACES || count != 1 + (size_t)message.layers + message.placed)
        errno = EPROTO;
    else
        result = map_runs(files[0], files + 1, message.layers);
    for (uint32_t i = 0; !result && i < message.placed; i++)
        if (dup2(files[1 + message.layers + i], message.places[i] == CONSOLE ? console : message.places[i]) < 0)
            result = -1;
    struct answer answer = { (uint64_t)(uintptr_t)ram, ram_size };
    if (!result && send(from, &answer, sizeof answer, MSG_NOSIGNAL) != sizeof answer)
        result = -1;

    int reason = errno;
    for (size_t i = 0; i < count; i++)
        close(files[i]);
    errno = reason;
    return result;
}

static int track(void)
{
    watcher = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
    if (watcher < 0)
        return -1;
    struct uffdio_api api = { .api = UFFD_API, .features = WP_ASYNC };
    struct uffdio_register range = { .range = { (uint64_t)(uintptr_t)ram, ram_size }, .mode = UFFDIO_REGISTER_MODE_WP };
    if (!ioctl(watcher, UFFDIO_API, &api) && !ioctl(watcher, UFFDIO_REGISTER, &range))
        return 0;
    int reason = errno;
    close(watcher);
    watcher = -1;
    errno = reason;
    return -1;
}

/* Closing it unprotects everything. */
static int untrack(void)
{
    int result = close(watcher);
    watcher = -1;
    return result;
}

static int verb(int result)
{
    if (!result)
        errno = EALREADY;
    return -1;
}

static int open_path(const char *path, int flags, mode_t mode)
{
    if (!strncmp(path, "/wisp/", 6)) {
        if (!strcmp(path + 6, "ram"))
            return ram_file = memfd_create("wisp-ram", MFD_CLOEXEC);
        if (!strcmp(path + 6, "console"))
            return console = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_WRONLY | O_CLOEXEC, 0);
        if (!strncmp(path + 6, "fd/", 3))
            return fcntl(atoi(path + 9), F_DUPFD_CLOEXEC, 0);
        if (!strncmp(path + 6, "attach/", 7))
            return verb(attach(atoi(path + 13)));
        if (!strcmp(path + 6, "track"))
            return verb(watcher >= 0 ? 0 : track());
        if (!strcmp(path + 6, "untrack"))
            return verb(watcher < 0 ? 0 : untrack());
    }
    return syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int open64(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
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
        return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);

    /* A huge page for each page that a clone touches would cost it 500 times the memory. */
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    ram = (void *)syscall(SYS_mmap, address, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    ram_size = length;
    return ram;
}
