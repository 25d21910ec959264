# Which processes there are, from /proc: procps (ps, pgrep) is not needed to run the tests.
#
#       my ($child) = children_of($shell);
#       kill TERM => $_ for in_session($leader);
package Processes;
use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(children_of in_session);

# The fields of /proc/PID/stat behind the name, which is in parentheses and may have blanks in it: state, parent, group,
# session. Nothing if the process has ended meanwhile.
sub status_of {
        my ($process) = @_;

        open my $file, '<', "/proc/$process/stat" or return;
        my ($fields) = (readline($file) // '') =~ /\) (.*)/s or return;
        return split ' ', $fields;
}

# Those of which a field has this value. A zombie does not run any more.
sub those_with {
        my ($field, $value) = @_;
        my @found;

        for my $process (map { m{(\d+)$} } glob '/proc/[0-9]*') {
                my @status = status_of($process) or next;
                push @found, $process if $status[0] ne 'Z' && $status[$field] == $value;
        }
        return @found;
}

# Process ids, in no order.
sub children_of { return those_with(1, $_[0]) }
sub in_session { return those_with(3, $_[0]) }

1;
