# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Get-SyncwardenOpenApi {
    <#
    .SYNOPSIS
    This description, as OpenAPI 3.1.

    .DESCRIPTION
    Calls GET /api/openapi.json.
    Needs the app role Syncwarden.Read.

    .EXAMPLE
    (Get-SyncwardenOpenApi).info.version

    The version of the app.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    param(
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'openapi' -Given $PSBoundParameters
    }
}
