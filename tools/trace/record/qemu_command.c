#include "record/qemu_command.h"
#include "base/error_message.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char qemu_program[] = "qemu-system-x86_64";

[[gnu::format(printf, 2, 3)]] static struct error add(struct qemu_command *command, const char *format, ...)
{
        va_list arguments;
        int length;

        if (command->arguments == QEMU_ARGUMENTS_MAX - 1)
                return FAILF(BAD_ARGUMENT, "too many arguments for %s", qemu_program);
        va_start(arguments, format);
        length = vasprintf(&command->argument[command->arguments], format, arguments);
        va_end(arguments);
        if (length < 0) {
                command->argument[command->arguments] = NULL;
                return fail_no_memory();
        }
        command->arguments++;
        return SUCCESS;
}

static struct error add_all(struct qemu_command *command, const char *const *arguments)
{
        for (; *arguments; arguments++)
                TRY(add(command, "%s", *arguments));
        return SUCCESS;
}

/*
 * The virtio serial port writes to where the UART writes: the kernel uses one until it has the other, so what arrives
 * is one stream. The kernel finds the port by its name (kernel/arch/virtio_serial.h).
 */
static struct error add_port(struct qemu_command *command, const struct machine_options *options, const char *trace,
                             bool is_microvm)
{
        if (options->transport == MACHINE_UART)
                return SUCCESS;
        if (is_microvm) {
                TRY(add(command, "-global"));
                TRY(add(command, "virtio-mmio.force-legacy=false"));
                TRY(add(command, "-global"));
                TRY(add(command, "virtio-mmio.ioeventfd=off"));
        }
        TRY(add(command, "-device"));
        TRY(add(command, is_microvm ? "virtio-serial-device,max_ports=2" : "virtio-serial-pci,max_ports=2,ioeventfd=off"));
        TRY(add(command, "-chardev"));
        TRY(add(command, options->control ? "pipe,id=port,path=%s.port" : "file,id=port,path=%s", trace));
        TRY(add(command, "-device"));
        return add(command, "virtserialport,chardev=port,name=understory.trace");
}

/* The console is QEMU's standard output; the trace's serial line is the second one, which microvm takes as a device. */
struct error qemu_command_compose(struct qemu_command *command, const struct machine_options *options,
                                  const char *trace,
                                  const char *monitor)
{
        bool is_microvm = strncmp(options->type, "microvm", strlen("microvm")) == 0;
        const char *const plain[] = {
                "-cpu", "max", "-m", options->memory, "-nodefaults",
                "-no-user-config", "-display", "none", "-no-reboot", "-bios", "qboot.rom", "-kernel", options->kernel,
                "-initrd", options->initrd, "-append", options->append, "-chardev", "stdio,id=console,signal=off",
                "-serial", "chardev:console", NULL,
        };
        const char *const repeatable[] = {
                "-accel", "tcg", "-icount", "shift=0,sleep=off", "-rtc", "base=2020-01-01,clock=vm", NULL,
        };
        const char *const parallel[] = { "-accel", "tcg,thread=multi", NULL };
        const char *const confined[] = {
                "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny", NULL,
        };

        TRY(add(command, "%s", qemu_program));
        if (options->confined)
                TRY(add_all(command, confined));
        TRY(add(command, "-machine"));
        /* microvm would add its devices to the kernel's command line, for Linux; this kernel finds them itself. */
        TRY(add(command, "%s%s", options->type, is_microvm ? ",auto-kernel-cmdline=off" : ""));
        TRY(add_all(command, plain));
        TRY(add(command, "-chardev"));
        TRY(add(command, options->control ? "pipe,id=trace,path=%s" : "file,id=trace,path=%s", trace));
        TRY(add(command, is_microvm ? "-device" : "-serial"));
        TRY(add(command, is_microvm ? "isa-serial,iobase=0x2f8,irq=3,chardev=trace" : "chardev:trace"));
        TRY(add_port(command, options, trace, is_microvm));
        TRY(add(command, "-device"));
        TRY(add(command, "isa-debug-exit,iobase=0xf4,iosize=0x04"));
        if (monitor) {
                TRY(add(command, "-monitor"));
                TRY(add(command, "unix:%s,server=on,wait=off", monitor));
        }
        TRY(add_all(command, options->repeatable ? repeatable : parallel));
        TRY(add(command, "-smp"));
        TRY(add(command, "%llu", (unsigned long long)options->cpus));
        TRY(add(command, "-seed"));
        return add(command, "%llu", (unsigned long long)options->seed);
}

void qemu_command_print(const struct qemu_command *command, FILE *out)
{
        for (size_t i = 0; i < command->arguments; i++) {
                bool plain = *command->argument[i] &&
                             command->argument[i][strcspn(command->argument[i], " \t\n'\"\\$&;|<>()*?[]#~`")] == 0;

                fprintf(out, plain ? "%s%s" : "%s'%s'", i ? " " : "", command->argument[i]);
        }
        fputc('\n', out);
}

void qemu_command_free(struct qemu_command *command)
{
        for (size_t i = 0; i < command->arguments; i++)
                free(command->argument[i]);
        command->arguments = 0;
}
