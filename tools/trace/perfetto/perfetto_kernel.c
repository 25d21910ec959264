#include "perfetto/perfetto_file_internal.h"

/* Fields of Perfetto's messages, each under the message it belongs to. */
enum task_state { STATE_CPU = 1, STATE_NAME = 2, STATE_TID = 3, STATE_STATE = 4 };
enum task_rename { RENAME_TID = 1, RENAME_NAME = 2 };
enum process_tree { TREE_PROCESS = 1, TREE_THREAD = 2 };
enum tree_process { TREE_PROCESS_PID = 1, TREE_PROCESS_PARENT = 2, TREE_PROCESS_NAME = 3 };
enum tree_thread {
        TREE_THREAD_TID = 1, TREE_THREAD_PID = 2, TREE_THREAD_NAME = 3, TREE_THREAD_IS_MAIN = 4,
        TREE_THREAD_IS_IDLE = 5,
};

void perfetto_process(struct perfetto_file *file, uint64_t ns, const struct perfetto_process *process)
{
        size_t entry;

        perfetto_payload_open(file, PROCESS_TREE);
        entry = protobuf_open(&file->packet, TREE_PROCESS);
        protobuf_number(&file->packet, TREE_PROCESS_PID, process->pid);
        protobuf_number(&file->packet, TREE_PROCESS_PARENT, process->parent);
        protobuf_text(&file->packet, TREE_PROCESS_NAME, process->name);
        protobuf_close(&file->packet, entry);
        perfetto_payload_close_at(file, ns);
}

void perfetto_thread(struct perfetto_file *file, uint64_t ns, const struct perfetto_thread *thread)
{
        size_t entry;

        perfetto_payload_open(file, PROCESS_TREE);
        entry = protobuf_open(&file->packet, TREE_THREAD);
        protobuf_number(&file->packet, TREE_THREAD_TID, thread->tid);
        protobuf_number(&file->packet, TREE_THREAD_PID, thread->pid);
        protobuf_text(&file->packet, TREE_THREAD_NAME, thread->name);
        protobuf_number(&file->packet, TREE_THREAD_IS_MAIN, thread->is_main);
        protobuf_number(&file->packet, TREE_THREAD_IS_IDLE, thread->is_idle);
        protobuf_close(&file->packet, entry);
        perfetto_payload_close_at(file, ns);
}

void perfetto_rename(struct perfetto_file *file, uint64_t ns, uint64_t tid, const char *name)
{
        perfetto_payload_open(file, TASK_RENAME);
        protobuf_number(&file->packet, RENAME_TID, tid);
        protobuf_text(&file->packet, RENAME_NAME, name);
        perfetto_payload_close_at(file, ns);
}

void perfetto_state(struct perfetto_file *file, uint64_t ns, unsigned cpu, uint64_t tid, const char *name,
                    enum perfetto_state state)
{
        perfetto_payload_open(file, TASK_STATE);
        protobuf_number(&file->packet, STATE_CPU, cpu);
        protobuf_text(&file->packet, STATE_NAME, name);
        protobuf_number(&file->packet, STATE_TID, tid);
        protobuf_number(&file->packet, STATE_STATE, state);
        perfetto_payload_close_at(file, ns);
        file->totals.states++;
}
