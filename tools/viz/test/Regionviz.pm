# Recordings for the tests of `regionviz', and what it says of them.
package Regionviz;
use strict;
use warnings;
use Exporter qw(import);
use File::Temp qw(tempdir);
use Test::More;
our @EXPORT_OK = qw($build $folder build record record_teaching record_events regionviz refused text_of);

our $build = $ENV{BUILD} // 'build';
our $folder = tempdir(CLEANUP => 1);

# Builds what a test needs, such as "$build/regionviz".
sub build {
        my @targets = @_;
        my $make = $ENV{MAKE} // 'make';

        system("$make --no-print-directory BUILD=$build @targets > $folder/make.log 2>&1") == 0
                or BAIL_OUT("cannot build: see `make @targets'");
}

sub run_script {
        my ($script, $recording) = @_;

        system("$build/host/run_script $script -o $recording > /dev/null") == 0 or BAIL_OUT("$script cannot be run");
        return $recording;
}

# Runs an op script, NAME.ops, without a machine. Its space has that name. Yields the path of the recording.
sub record {
        my ($name, @lines) = @_;

        open my $script, '>', "$folder/$name.ops" or die "$name.ops: $!\n";
        print $script @lines;
        close $script or die "$name.ops: $!\n";
        return run_script("$folder/$name.ops", "$folder/$name.rtrace");
}

# The same of the script that is made for teaching.
sub record_teaching {
        return run_script('kernel/user/workloads/teaching.ops', "$folder/teaching.rtrace");
}

# Makes a recording of a story, which has an event a line.
sub record_events {
        my ($story, $name) = @_;

        system("$build/test/trace/test/write_events < $story > $folder/$name.rtrace") == 0
                or BAIL_OUT("$story cannot be written as events");
        return "$folder/$name.rtrace";
}

# regionviz(VERB, ARGUMENTS), for a shell: the exit status, and what was printed.
sub regionviz {
        my $said = `$build/regionviz @_ 2>&1 < /dev/null`;

        utf8::decode($said);
        return ($? >> 8, $said);
}

sub refused {
        my ($verb, $arguments, $reason) = @_;
        my ($status, $said) = regionviz($verb, $arguments);

        is $status, 2, "$verb $arguments: exit status 2";
        like $said, $reason, 'and why';
}

# A file that regionviz wrote, in characters; nothing if there is none.
sub text_of {
        my ($path) = @_;

        open my $file, '<:encoding(UTF-8)', $path or return '';
        local $/;
        return scalar(<$file>) // '';
}

1;
